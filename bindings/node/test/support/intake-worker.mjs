// Keeps pushes from a worker thread.

import { parentPort, workerData } from 'node:worker_threads';

import { Intake } from 'voicecall';

const { store, worker, waits = 0 } = workerData;
const intake = await Intake.open({ store });
for (let wait = 0; wait < waits; wait += 1) intake.waitFor('never', 'billed').catch(() => {});
const bodies = Array.from({ length: 20 }, (_, at) => `{"eventType":"fee","feeLst":[{"sessionId":"${worker}-${at}"}]}`);
const receipts = await Promise.all(bodies.map((body) => intake.receive({}, body)));
parentPort.postMessage(receipts.reduce((sum, { accepted }) => sum + accepted, 0));
if (waits === 0) await intake.close();
