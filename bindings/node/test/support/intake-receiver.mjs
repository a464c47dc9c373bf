// A small receiver that keeps what comes: prints its port, and runs until it is killed.

import http from 'node:http';

import { Intake } from 'voicecall';
import { webhookListener } from 'voicecall/node-http';

const intake = new Intake({ store: process.argv[2] });
const server = http.createServer(webhookListener(intake, { onError: console.error }));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
