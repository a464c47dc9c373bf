// The other sides of the page under test: the local platform as a process, a receiver of pushes, and a client that signs.

import { createHmac, randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createInterface } from "node:readline";

/** The platform, from the command in the environment. It ends with its standard input. */
export async function startPlatform() {
  const command = process.env.VOICECALL ?? "voicecall";
  const child = spawn(command, ["sandbox", "--json"], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(createInterface(child.stdout), "line");
  const ready = JSON.parse(line);
  return {
    ready,
    page: ready.admin.replace(/_voicecall$/, ""),
    async admin(method, path, body) {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(ready.admin + path, { method, headers, body: body && JSON.stringify(body) });
      const text = await answer.text();
      return text ? JSON.parse(text) : null;
    },
    /** A signed request; its status and answer. */
    async post(path, body) {
      const nonce = randomBytes(16).toString("hex");
      const created = new Date().toISOString().replace(/\.\d+/, "");
      const digest = createHmac("sha256", ready.app_secret).update(nonce + created).digest("base64");
      const answer = await fetch(ready.endpoint + path, {
        method: "POST",
        headers: {
          "Content-Type": "application/json;charset=UTF-8",
          Authorization: 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
          "X-AKSK": `UsernameToken Username="${ready.app_key}",PasswordDigest="${digest}",Nonce="${nonce}",Created="${created}"`,
        },
        body: JSON.stringify(body),
      });
      return { status: answer.status, text: await answer.text() };
    },
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

/** Takes every push. */
export async function startReceiver() {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.end('{"resultcode":"0"}'));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = (path) => Buffer.from(`http://127.0.0.1:${server.address().port}${path}`).toString("base64");
  return {
    addresses: { statusUrl: url("/status"), feeUrl: url("/fee") },
    stop: () => server.close(),
  };
}
