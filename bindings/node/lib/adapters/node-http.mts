// What `import 'voicecall/node-http'` gives: the same objects as `require`.

export * from './node-http.js';
