// The clients that are compared: each gives a function that places one call. Those without this package sign by hand, as a
// user would.

import { createHmac, randomBytes } from 'node:crypto';
import http from 'node:http';

const appKey = 'app-key-0001';
const appSecret = 'example-secret-0001';
const path = '/rest/httpsessions/callnotify/v2.0';
const notification = {
  displayNbr: '+867550000088',
  calleeNbr: '+8613800000021',
  playInfoList: [{ templateId: 'alert', templateParas: ['3', 'building 1'], collectInd: 1 }],
  userData: 'alarm-4711',
};

function signedHeaders() {
  const nonce = randomBytes(16).toString('hex').toUpperCase();
  const created = `${new Date().toISOString().slice(0, 19)}Z`;
  const digest = createHmac('sha256', appSecret).update(nonce).update(created).digest('base64');
  return {
    'content-type': 'application/json;charset=UTF-8',
    authorization: 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
    'x-aksk': `UsernameToken Username="${appKey}",PasswordDigest="${digest}",Nonce="${nonce}",Created="${created}"`,
  };
}

function sessionIdOf(text) {
  const answer = JSON.parse(text);
  if (answer.resultcode !== '0') throw new Error(answer.resultdesc);
  return answer.sessionId;
}

export const clients = {
  async voicecall(endpoint) {
    const { Client } = await import('voicecall');
    const client = new Client({ appKey, appSecret, endpoint });
    return async () => (await client.createVoiceNotification(notification)).sessionId;
  },

  async undici(endpoint, inFlight) {
    const { Pool } = await import('undici');
    const pool = new Pool(endpoint, { connections: inFlight });
    const { request } = await import('undici');
    return async () => {
      const { body } = await request(endpoint + path, {
        method: 'POST',
        headers: signedHeaders(),
        body: JSON.stringify(notification),
        dispatcher: pool,
      });
      return sessionIdOf(await body.text());
    };
  },

  async fetch(endpoint) {
    return async () => {
      const body = JSON.stringify(notification);
      const answer = await fetch(endpoint + path, { method: 'POST', headers: signedHeaders(), body });
      return sessionIdOf(await answer.text());
    };
  },

  async http(endpoint, inFlight) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: inFlight });
    return () =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify(notification);
        const headers = { ...signedHeaders(), 'content-length': Buffer.byteLength(body) };
        const request = http.request(endpoint + path, { method: 'POST', agent, headers }, (response) => {
          const pieces = [];
          response.on('data', (piece) => pieces.push(piece));
          response.on('end', () => resolve(sessionIdOf(Buffer.concat(pieces).toString())));
        });
        request.on('error', reject);
        request.end(body);
      });
  },
};
