// What `require('voicecall/testing')` gives.

export { Sandbox, type SandboxOptions, type SandboxTemplate, type View, type Which } from './sandbox.js';
export { readAnswer, signPush, signRequest } from './sans-io.js';
export type { PushSigner, SignatureOptions, SignedRequest } from './sans-io.js';
