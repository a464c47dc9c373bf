// What `import 'voicecall/testing'` gives: the same objects as `require`.

export * from './index.js';
