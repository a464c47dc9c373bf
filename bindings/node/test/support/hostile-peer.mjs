// Servers that behave as a network does on its bad days, on loopback, with ports of the system's choice.

import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';

import { Client } from 'voicecall';

/** The least that a call needs. */
export const notification = {
  displayNbr: '+867550000088',
  calleeNbr: '+8613800000021',
  playInfoList: [{ notifyVoice: 'alarm.wav' }],
};

/** A client of this endpoint that does not repeat by itself. */
export function clientOf(endpoint, options = {}) {
  return new Client({ appKey: 'app-key-0001', appSecret: 'example-secret-0001', endpoint, retries: 0, ...options });
}

/** A server on its port, and what came to it. Ends with the test. */
class Peer {
  requests = [];
  #server;
  #endpoint;
  #sockets = new Set();
  #waiting = [];

  constructor(server) {
    this.#server = server;
    this.#endpoint = `http://127.0.0.1:${server.address().port}`;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** Where it listens, or did. */
  get endpoint() {
    return this.#endpoint;
  }

  came(request) {
    this.requests.push(request);
    this.#waiting = this.#waiting.filter(({ count, resolve }) => this.requests.length < count || resolve());
  }

  /** Resolves when so many requests have come. */
  requested(count) {
    if (this.requests.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  async stop() {
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A peer that does `answer(request, response)` with each request, its body read. */
export async function peer(t, answer) {
  const server = http.createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    self.came({ headers: request.headers, url: request.url, body: Buffer.concat(pieces).toString() });
    answer(request, response);
  });
  const self = await listening(t, server);
  return self;
}

/** A peer below HTTP: does `connected(socket)` with each connection. */
export async function rawPeer(t, connected) {
  const server = net.createServer(connected);
  return listening(t, server);
}

async function listening(t, server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const self = new Peer(server);
  t.after(() => self.stop());
  return self;
}

/** The platform's answer with this result code. */
export function platform(status, code, more = {}) {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ resultcode: code, resultdesc: 'told +8613800000021', ...more }));
  };
}

/** The answer to a placed call. */
export const placed = platform(200, '0', { sessionId: 'session-1' });

/** Never answers. */
export const silent = () => {};

/** The error that a promise rejects with. */
export async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('an error was expected');
}
