// Sends stdin as one webhook with Node's own clients: `node client.mjs KIND URL`. See ../README.md.
import http from 'node:http';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

const kinds = {
  json: (url, body) => withFetch(url, { 'Content-Type': 'application/json' }, body),
  form: (url, body) => withFetch(url, { 'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8' }, body),
  binary: (url, body) => withFetch(url, { 'Content-Type': 'application/octet-stream' }, body),
  empty: (url) => withFetch(url, {}),
  chunked: (url, body) => withFetch(url, { 'Content-Type': 'application/json' }, body, Readable.from(thirds(body))),
  gzip: (url, body) =>
    withFetch(url, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }, gzipSync(body)),
  expect: withContinue,
};

/** One fetch; a `stream` of the body makes it chunked. */
async function withFetch(url, defaults, body, stream) {
  const headers = new Headers(defaults);
  for (const [name] of given) headers.delete(name);
  for (const [name, value] of given) headers.append(name, value);
  const response = await fetch(url, {
    method: 'POST', headers, body: stream ?? body, duplex: 'half', redirect: 'manual', signal: AbortSignal.timeout(timeout),
  });
  return { status: response.status, body: await response.text(), sent: body };
}

/** One http.request that holds its body back until the server says 100 Continue; fetch cannot send `Expect`. */
function withContinue(url, body) {
  return new Promise((resolve, reject) => {
    let sent;
    const request = http.request(url, { method: 'POST', timeout });
    request.setHeader('Content-Type', 'application/json');
    for (const [name] of given) request.removeHeader(name);
    for (const [name, value] of given) request.appendHeader(name, value);
    request.setHeader('Content-Length', body.length);
    request.setHeader('Expect', '100-continue');
    request.on('continue', () => request.end(sent = body));
    request.on('response', async (response) => {
      resolve({ status: response.statusCode, body: await text(response), sent });
      request.destroy();
    });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
    request.flushHeaders();
  });
}

/** The body in three pieces at most, none of them empty. */
function thirds(body) {
  const size = Math.ceil(body.length / 3);
  return [0, 1, 2].map((i) => body.subarray(i * size, (i + 1) * size)).filter((piece) => piece.length > 0);
}

function die(code, message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(code);
}

const timeout = 30_000;
const given = JSON.parse(process.env.HEADERS ?? '[]');
const [kind, url] = process.argv.slice(2);
if (!Object.hasOwn(kinds, kind ?? '') || !url) die(2, `usage: client.mjs ${Object.keys(kinds).join('|')} URL`);

try {
  const { sent, ...answer } = await kinds[kind](url, await buffer(process.stdin));
  console.log(JSON.stringify({ ...answer, sent_b64: (sent ?? Buffer.alloc(0)).toString('base64') }));
} catch (error) {
  die(1, error.cause?.message || error.message);
}
