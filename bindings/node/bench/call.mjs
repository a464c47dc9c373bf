// One client in a process of its own: `node call.mjs CLIENT ENDPOINT IN_FLIGHT CALLS` prints the CPU time of a call, of all
// threads, and the 99th percentile of its time on the clock, both in microseconds.

import { clients } from './clients.mjs';
import { percentile } from './measure.mjs';

const [name, endpoint, ...numbers] = process.argv.slice(2);
const [inFlight, calls] = numbers.map(Number);
const place = await clients[name](endpoint, inFlight);

/** Places so many calls, so many at a time; gives the time of each. */
async function run(count) {
  const times = [];
  let left = count;
  async function lane() {
    while (left > 0) {
      left -= 1;
      const begun = performance.now();
      await place();
      times.push(performance.now() - begun);
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane));
  return times;
}

// Until the optimising compilers have been over it.
await run(Math.ceil(calls / 2));
const before = process.cpuUsage();
const times = await run(calls);
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ cpu: (user + system) / calls, p99: percentile(times, 0.99) * 1000 }));
process.exit();
