// Serves one platform's own Node sample as a webhook receiver: `node serve.mjs cepro`. See ../README.md.
import http from 'node:http';
import { buffer } from 'node:stream/consumers';

const { SECRET: secret, FAIL_FIRST: failFirst = '0' } = process.env;

const receivers = {
  'cepro': async () => {
    const { verifyCeProWebhook } = await import('./samples/cepro-000.mjs');
    return plain((body, headers) => verifyCeProWebhook(body, headers['x-webhook-signature'], secret));
  },
  'cepro-001': async () => {
    const { verifyWebhookSignature } = await import('./samples/cepro-001.cjs');
    return plain((body, headers) => verifyWebhookSignature(body, headers['x-webhook-signature'], secret));
  },
  'cepro-inbound': async () => {
    const { verifyBearer } = await import('./bearer.mjs');
    return plain((_body, headers) => verifyBearer(headers.authorization, secret));
  },
  'wlcro': async () => {
    const { app } = await import('./samples/wlcro-002.cjs');
    // Express answers what carries a status (a body that is too large, say); the rest is the sample's own.
    return app.use((error, _req, res, next) => (error.status ? next(error) : answerThrown(res, error)));
  },
  // This sample and the next take the body as a string, and name no server.
  'tenant': async () => {
    const { verifySignature } = await import('./samples/tenant-003.mjs');
    return plain((body, headers) => verifySignature(body.toString(), headers['x-webhook-signature'], secret));
  },
  'orgjobs': async () => {
    const { verifySignature } = await import('./samples/orgjobs-004.cjs');
    return plain((body, headers) => verifySignature(body.toString(), secret, headers['x-webhook-signature']));
  },
};

/** A receiver that reads the whole body and answers by what `verified(body, headers)` returns. */
function plain(verified) {
  return async (req, res) => {
    try {
      const body = await buffer(req);
      if (req.method !== 'POST') answer(res, 405, 'Method Not Allowed');
      else if (verified(body, req.headers)) answer(res, 200, 'OK');
      else answer(res, 401, 'Invalid signature');
    } catch (error) {
      answerThrown(res, error);
    }
  };
}

/** Refuses whatever arrives, for the first `FAIL_FIRST` requests. */
async function failing(req, res) {
  await buffer(req);
  answer(res, 500, 'failing as FAIL_FIRST asks');
}

function answerThrown(res, error) {
  res.thrown = `${error.name}: ${error.message}`;
  answer(res, 500, res.thrown);
}

function answer(res, status, text) {
  res.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}

/** Prints the request's line once it has been answered. */
function record(req, res) {
  const body = [];
  req.on('data', (chunk) => body.push(chunk));
  res.on('close', () => print({
    path: req.url,
    headers: pairs(req.rawHeaders),
    body_b64: Buffer.concat(body).toString('base64'),
    status: res.headersSent ? res.statusCode : null,
    thrown: res.thrown ?? null,
  }));
}

const pairs = (flat) => Array.from({ length: flat.length / 2 }, (_, i) => flat.slice(2 * i, 2 * i + 2));
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

function die(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(2);
}

const [name] = process.argv.slice(2);
if (!Object.hasOwn(receivers, name ?? '')) die(`name one receiver: ${Object.keys(receivers).join(', ')}`);
if (!secret) die('`SECRET` is not set');

console.log = console.error; // what a sample logs must not mix with the lines printed here
const receiver = await receivers[name]().catch((error) => {
  if (error.code !== 'MODULE_NOT_FOUND') throw error;
  die('express is not found; run `tests/receivers/install` and set `NODE_PATH` to the node_modules it makes');
});
let toFail = Number(failFirst);
// By itself Node drops the second of two `Authorization` lines, and joins those of a signature.
const server = http.createServer({ joinDuplicateHeaders: true }, (req, res) => {
  record(req, res);
  (toFail-- > 0 ? failing : receiver)(req, res);
});
server.listen(0, '127.0.0.1', () => print({ ready: true, port: server.address().port }));

process.stdin.resume().on('close', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
