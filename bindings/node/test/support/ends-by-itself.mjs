// Places a call and ends without closing the client.

import { clientOf, notification } from './hostile-peer.mjs';

const client = clientOf(process.argv[2]);
const { sessionId } = await client.createVoiceNotification(notification);
console.log(sessionId);
// Standard streams may be pipes that are still being written.
const open = process.getActiveResourcesInfo().filter((resource) => !/^(Pipe|TTY)Wrap$/.test(resource));
console.log(open.length === 0 ? 'no open handles' : open.join(' '));
