// A reply over Node's own response, which Express extends.

import type { ServerResponse } from 'node:http';

import type { Reply } from '../webhook/webhook.js';

/** Sends status, headers and body exactly. */
export function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, reply.headers).end(reply.body);
}
