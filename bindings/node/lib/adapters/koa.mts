// What `import 'voicecall/koa'` gives: the same objects as `require`.

export * from './koa.js';
