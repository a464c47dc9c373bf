// What `import 'voicecall/web'` gives: the same objects as `require`.

export * from './web.js';
