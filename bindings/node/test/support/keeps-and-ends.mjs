// Keeps a push and ends without closing the intake.

import { Intake } from 'voicecall';

const intake = new Intake({ store: process.argv[2] });
const { accepted } = await intake.receive({}, '{"eventType":"fee","feeLst":[{"sessionId":"1"}]}');
console.log(accepted);
const open = process.getActiveResourcesInfo().filter((resource) => !/^(Pipe|TTY)Wrap$/.test(resource));
console.log(open.length === 0 ? 'no open handles' : open.join(' '));
