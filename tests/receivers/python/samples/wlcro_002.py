# WhiteLabelCRO, "Quickstart: Webhooks for Developers", the Python Flask sample, unchanged but for the names it leaves out.
import hmac
import hashlib
from flask import Flask, request

import os
app = Flask(__name__)
signing_secret = os.environ['SECRET']

@app.route('/webhooks/wlcro', methods=['POST'])
def webhook():
    timestamp = request.headers.get('X-Webhook-Timestamp')
    signature = request.headers.get('X-Webhook-Signature')
    payload = f"{timestamp}.{request.data.decode()}"

    computed = 'sha256=' + hmac.new(
        signing_secret.encode(),
        payload.encode(),
        hashlib.sha256
    ).hexdigest()

    if not hmac.compare_digest(computed, signature):
        return 'Invalid signature', 401

    event = request.json
    print(f"Event received: {event['type']} {event['id']}")

    # Process event here

    return 'OK', 200
