// CleanEstimatePro, "Webhook Signing": inbound callbacks carry `Authorization: Bearer <secret>`. The document has no sample.
import crypto from 'node:crypto';

export function verifyBearer(authorization, secret) {
  const expected = Buffer.from(`Bearer ${secret}`);
  const received = Buffer.from((authorization ?? '').replace(/^bearer /i, 'Bearer '));
  return expected.length === received.length && crypto.timingSafeEqual(expected, received);
}
