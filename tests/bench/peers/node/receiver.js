// Verifies, records with synchronous=FULL, answers 200: `receiver.js express|http SECRET-FILE STORE`.
// Listens on a free port of 127.0.0.1 and prints a ready line as `wh listen --json` does.
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const Database = require('better-sqlite3');

const [kind, secretFile, store] = process.argv.slice(2);
const secret = fs.readFileSync(secretFile, 'utf8').trim();
const db = new Database(store);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec('CREATE TABLE deliveries (number INTEGER PRIMARY KEY, id TEXT UNIQUE, event TEXT, at INTEGER, headers TEXT, body BLOB)');
const insert = db.prepare('INSERT INTO deliveries (id, event, at, headers, body) VALUES (?, ?, ?, ?, ?)');

function receive(headers, body) {
  const expected = crypto.createHmac('sha256', secret).update(body).digest('hex');
  const given = headers['x-webhook-signature'] || '';
  if (given.length !== expected.length || !crypto.timingSafeEqual(Buffer.from(given), Buffer.from(expected))) return 401;
  insert.run(headers['x-webhook-id'], headers['x-webhook-event'], Date.now(), JSON.stringify(headers), body);
  return 200;
}

function ready(server) {
  server.listen(0, '127.0.0.1', () => {
    console.log(JSON.stringify({ type: 'ready', url: `http://127.0.0.1:${server.address().port}` }));
  });
}

if (kind === 'express') {
  const express = require('express');
  const app = express();
  app.post('/', express.raw({ type: '*/*' }), (request, response) => {
    response.sendStatus(receive(request.headers, request.body));
  });
  ready(http.createServer(app));
} else {
  ready(http.createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      response.statusCode = receive(request.headers, Buffer.concat(pieces));
      response.end();
    });
  }));
}
