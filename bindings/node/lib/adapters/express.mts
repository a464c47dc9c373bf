// What `import 'voicecall/express'` gives: the same objects as `require`.

export * from './express.js';
