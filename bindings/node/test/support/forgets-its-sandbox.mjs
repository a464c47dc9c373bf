// Starts a sandbox and does not stop it.

import { Sandbox } from 'voicecall/testing';

const sandbox = await Sandbox.start();
console.log(sandbox.endpoint);
