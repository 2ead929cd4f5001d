// The tenant platform, "Webhooks Quickstart", the TypeScript sample, unchanged but for its types, which are taken out.
import crypto from "node:crypto";

export function verifySignature(rawBody, signature, secret) {
  const expected = crypto
    .createHmac("sha256", secret)
    .update(rawBody)
    .digest("hex");
  return crypto.timingSafeEqual(
    Buffer.from(expected, "utf8"),
    Buffer.from(signature, "utf8")
  );
}
