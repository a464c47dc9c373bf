// What `import 'voicecall'` gives: the same objects as `require`, so that `instanceof` holds between the two.

export * from './index.js';
