// `voicecall/fastify`: a plugin with a route of its own, in a scope where bodies stay raw.

import type { Readable } from 'node:stream';

import type { Intake } from '../intake/intake.js';
import { alreadyRead } from '../webhook/body.js';
import type { Webhook } from '../webhook/webhook.js';
import type { RequestHeaders } from '../webhook/headers.js';
import { handle, type IntakeHandlers, type WebhookHandlers } from './handle.js';
import { MOST_BYTES } from './read-body.js';

export type { IntakeHandlers, WebhookHandlers } from './handle.js';

/** Settings of the plugin. */
export type WebhookPluginOptions = Route & (WithWebhook | WithIntake);

interface Route {
  /** Path of the route, below the plugin's prefix. Default: `/`. */
  readonly path?: string | undefined;
}

interface WithWebhook extends WebhookHandlers {
  readonly webhook: Webhook;
}

interface WithIntake extends IntakeHandlers {
  readonly intake: Intake;
}

/** What the plugin needs of Fastify. Not in its signature, so that the package's types need no Fastify. */
interface Instance {
  removeAllContentTypeParsers(): void;
  addHook(name: 'preParsing', hook: (request: never, reply: never, payload: Readable) => Promise<void>): unknown;
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer'; bodyLimit: number },
    parser: (request: never, body: Buffer, done: (error: null, body: Buffer) => void) => void,
  ): unknown;
  post(
    path: string,
    options: { bodyLimit: number },
    handler: (request: Request, reply: Response) => Promise<unknown>,
  ): unknown;
}

interface Request {
  readonly headers: RequestHeaders;
  readonly body: unknown;
}

interface Response {
  code(status: number): Response;
  headers(values: Record<string, string>): Response;
  send(body: string): unknown;
}

/**
 * A plugin that receives pushes.
 *
 * @example
 * app.register(webhookPlugin, { prefix: '/voice', path: '/status', webhook, onEvent: store });
 * app.register(webhookPlugin, { prefix: '/voice', path: '/fee', intake });
 */
export async function webhookPlugin(app: object, options: WebhookPluginOptions): Promise<void> {
  const scope = app as Instance;
  const receiver = 'intake' in options ? options.intake : options.webhook;
  // In this scope only: other routes keep their parsers.
  scope.removeAllContentTypeParsers();
  // Fastify would wait for a body that something has read before.
  scope.addHook('preParsing', async (_request, _reply, payload) => {
    if (payload.readableDidRead) throw alreadyRead();
  });
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MOST_BYTES }, (_, body, done) => done(null, body));
  scope.post(options.path ?? '/', { bodyLimit: MOST_BYTES }, async (request, response) => {
    const body = (request.body ?? '') as Buffer;
    const reply = await handle(receiver, request.headers, body, options);
    return response
      .code(reply.status)
      .headers({ ...reply.headers })
      .send(reply.body);
  });
}
