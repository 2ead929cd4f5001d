// A webhook receiver to start from: verify, store, answer, and only then work. Node 20 or newer, no packages.
//   SECRET=… PLATFORM=cepro PORT=3000 node reference.mjs
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';

const { SECRET, PLATFORM = 'cepro', PORT = '3000', QUEUE = 'webhooks.jsonl' } = process.env;
const LIMIT = 5 * 1024 * 1024; // bytes of a body
const SECONDS = 30; // for a whole request, so that a client that stalls is let go

/** What stands before the signature, and where the id is. Without an id, equal bodies are one delivery. */
const PLATFORMS = {
  'cepro': { prefix: '', id: (req) => only(req, 'x-webhook-id') },
  'cepro-inbound': { bearer: true }, // a token instead of a signature, and a body of any kind
  'wlcro': { prefix: 'sha256=', tolerance: 300, id: (_req, event) => event?.id }, // seconds, either way
  'tenant': { prefix: '', id: (req) => only(req, 'x-webhook-id') },
  'orgjobs': { prefix: 'sha256=' },
};
const platform = PLATFORMS[PLATFORM];
if (!SECRET || !platform) throw new Error(`set SECRET, and PLATFORM to one of ${Object.keys(PLATFORMS).join(', ')}`);

/** Replace this: it is called once per delivery, and again where it failed or the program ended meanwhile. */
async function work(id, body) {
  console.log(`working on ${id}: ${body.length} bytes`);
}

/** A header that came exactly once: of two, nobody knows which one the sender meant. */
function only(req, name) {
  const values = req.headersDistinct[name] ?? [];
  return values.length === 1 ? values[0] : undefined;
}

function isGenuine(req, body) {
  // The word before the token may be written in any letter case.
  if (platform.bearer) return isEqual(only(req, 'authorization')?.replace(/^bearer /i, 'Bearer '), `Bearer ${SECRET}`);
  const mac = crypto.createHmac('sha256', SECRET);
  if (platform.tolerance) {
    const timestamp = only(req, 'x-webhook-timestamp') ?? '';
    const age = Math.abs(Date.now() / 1000 - Number(timestamp));
    if (!/^[0-9]{1,12}$/.test(timestamp) || age > platform.tolerance) return false;
    mac.update(`${timestamp}.`);
  }
  return isEqual(only(req, 'x-webhook-signature'), platform.prefix + mac.update(body).digest('hex'));
}

/** In constant time. Digests are compared because timingSafeEqual throws where lengths differ. */
function isEqual(received, expected) {
  const digest = (text) => crypto.createHash('sha256').update(text).digest();
  return received !== undefined && crypto.timingSafeEqual(digest(received), digest(expected));
}

/** The raw bytes, or nothing where they are too many. The rest is read too, or the sender would not see the answer. */
async function read(req) {
  const chunks = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size <= LIMIT) chunks.push(chunk);
  }
  return size <= LIMIT ? Buffer.concat(chunks) : undefined;
}

// The queue has a line {id, body} for each delivery and a line {done} for its work. A database does as well.
const queue = fs.openSync(QUEUE, 'a+', 0o600);
const known = new Set();
const todo = new Map();
for (const line of fs.readFileSync(queue, 'utf8').split('\n')) {
  let entry;
  try {
    entry = JSON.parse(line);
  } catch {
    continue; // a crash or a full disk cut it short, so it was never answered with success
  }
  if (entry.done) {
    todo.delete(entry.done);
  } else {
    known.add(entry.id);
    todo.set(entry.id, Buffer.from(entry.body, 'base64'));
  }
}

/** On disk when it returns. It does not yield, so that of equal deliveries at once only one is new. */
function append(entry) {
  fs.appendFileSync(queue, `\n${JSON.stringify(entry)}`); // the line before may be cut short
  fs.fdatasyncSync(queue);
}

let later;
let isWorking = false;
async function workOff() {
  if (isWorking) return;
  isWorking = true;
  clearTimeout(later);
  for (const [id, body] of todo) {
    try {
      await work(id, body);
      append({ done: id });
      todo.delete(id);
    } catch (error) {
      console.error(error);
      later = setTimeout(workOff, 10_000);
    }
  }
  isWorking = false;
}

async function receive(req, res) {
  if (req.method !== 'POST') return answer(res, 405, 'POST only', { Allow: 'POST' });
  const body = await read(req);
  if (!body) return answer(res, 413, 'too large');
  if (!isGenuine(req, body)) return answer(res, 401, 'not genuine');
  let event;
  try {
    if (!platform.bearer) event = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return answer(res, 400, 'not JSON');
  }
  const named = platform.id?.(req, event);
  const isId = typeof named === 'string' || Number.isSafeInteger(named); // beyond these, two ids may look equal
  const id = isId ? JSON.stringify(named) : crypto.createHash('sha256').update(body).digest('hex');
  if (known.has(id)) return answer(res, 200, 'known');
  append({ id, body: body.toString('base64') });
  known.add(id);
  todo.set(id, body);
  answer(res, 200, 'stored');
  setImmediate(workOff);
}

function answer(res, status, text, headers = {}) {
  res.writeHead(status, { 'Content-Type': 'text/plain', ...headers }).end(`${text}\n`);
}

const server = http.createServer({ requestTimeout: SECONDS * 1000 }, (req, res) => {
  receive(req, res).catch((error) => {
    console.error(error.message); // the client left, or the queue cannot be written
    if (!res.headersSent) answer(res, 503, 'try again later');
  });
});
server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
  workOff(); // what the last run left
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close(() => process.exit(0)));
