// What `import 'voicecall/fastify'` gives: the same objects as `require`.

export * from './fastify.js';
