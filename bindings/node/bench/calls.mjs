// Calls over loopback connections that stay open, each client in a process of its own, in turns.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { tell } from './measure.mjs';

const ROUNDS = 15;
const fileOf = (name) => fileURLToPath(new URL(name, import.meta.url));

const server = spawn(process.execPath, [fileOf('server.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
const [port] = await once(server.stdout, 'data');
const endpoint = `http://127.0.0.1:${parseInt(port, 10)}`;

async function measured(client, inFlight, calls) {
  const { stdout } = await promisify(execFile)(process.execPath, [
    fileOf('call.mjs'),
    ...[client, endpoint, inFlight, calls].map(String),
  ]);
  return JSON.parse(stdout);
}

/** What each client takes in its best round; `attribute` is `cpu` or `p99`. */
async function best(calls, inFlight, attribute) {
  const taken = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const client of Object.keys(calls)) {
      const value = (await measured(client, inFlight, calls[client]))[attribute];
      taken[client] = Math.min(taken[client] ?? Infinity, value);
    }
  }
  for (const [client, value] of Object.entries(taken)) tell(`${attribute}_${client}`, value, 'us');
  return taken;
}

const cpu = await best({ voicecall: 6000, undici: 6000, fetch: 1000 }, 16, 'cpu');
tell('cpu_to_undici', cpu.voicecall / cpu.undici, 'x');
tell('cpu_to_fetch', cpu.voicecall / cpu.fetch, 'x');

const slowest = await best({ voicecall: 4000, http: 4000 }, 1, 'p99');
tell('p99_to_http', slowest.voicecall / slowest.http, 'x');

server.stdin.end();
