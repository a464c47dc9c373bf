// Nothing but the call keeps this process alive.

import { clientOf, notification } from './hostile-peer.mjs';

clientOf(process.argv[2])
  .createVoiceNotification(notification)
  .then(({ sessionId }) => console.log(sessionId));
