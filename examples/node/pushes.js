// A webhook receiver for a program that waits for its own call.

import http from 'node:http';
import { once } from 'node:events';

import { Webhook } from 'voicecall';
import { webhookListener } from 'voicecall/node-http';

/**
 * Listens on 127.0.0.1. In earnest it stands behind a public HTTPS address, and that address is registered.
 * Gives the address to push to, the events as they come, and a way to stop.
 */
export async function startReceiver() {
  const server = http.createServer((request, response) => listener(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}/voice`;
  const { VOICECALL_APP_KEY: appKey, VOICECALL_APP_SECRET: appSecret } = process.env;
  const webhook = new Webhook({
    urls: [url],
    applications: [{ appKey, appSecret }],
  });

  const queue = [];
  let wake = () => {};
  const listener = webhookListener(webhook, {
    onEvent(event) {
      queue.push(event);
      wake();
    },
    onError: (error) => console.error(`a push was not used: ${error.message}`),
  });

  async function* events() {
    for (;;) {
      while (queue.length > 0) yield queue.shift();
      await new Promise((resolve) => (wake = resolve));
    }
  }
  return { url, events: events(), stop: () => server.close() };
}
