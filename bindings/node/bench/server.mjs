// A platform that answers every call at once over connections that stay open: what is measured is the client. Prints its
// port; ends when its input closes.

import net from 'node:net';

const body = '{"resultcode":"0","resultdesc":"Success","sessionId":"1201_612_4294967295_20190124030424@callenabler"}';
const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: keep-alive';
const answer = `${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
const END = '\r\n\r\n';

/** Answers when a request is whole. Not `node:http`: it would take more of the machine than the clients that are measured. */
function serve(socket) {
  let pending = '';
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (piece) => {
    pending += piece.toString('latin1');
    for (;;) {
      const end = pending.indexOf(END);
      if (end < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(pending.slice(0, end))?.[1] ?? 0);
      if (pending.length < end + END.length + length) return;
      pending = pending.slice(end + END.length + length);
      socket.write(answer);
    }
  });
}

const server = net.createServer(serve).listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit()).resume();
