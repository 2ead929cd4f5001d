// WhiteLabelCRO, "Quickstart: Webhooks for Developers", the Node.js Express sample, unchanged but for the names it leaves out.
const express = require('express');
const crypto = require('crypto');

const app = express();
const signingSecret = process.env.SECRET;
module.exports = { app };

app.post('/webhooks/wlcro', express.raw({ type: 'application/json' }), (req, res) => {
  const timestamp = req.headers['x-webhook-timestamp'];
  const signature = req.headers['x-webhook-signature'];
  const payload = `${timestamp}.${req.body}`;

  const computed = 'sha256=' + crypto
    .createHmac('sha256', signingSecret)
    .update(payload)
    .digest('hex');

  if (!crypto.timingSafeEqual(Buffer.from(computed), Buffer.from(signature))) {
    return res.status(401).send('Invalid signature');
  }

  const event = JSON.parse(req.body);
  console.log('Event received:', event.type, event.id);

  // Process event here

  res.status(200).send('OK');
});
