// Ends while calls are in flight.

import { clientOf, notification } from './hostile-peer.mjs';

const client = clientOf(process.argv[2]);
for (let call = 0; call < 32; call += 1) client.createVoiceNotification(notification).catch(() => {});
setTimeout(() => process.exit(7), 200);
