import { createHmac, timingSafeEqual } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newSigningSecret, signatureHeaders } from "./webhook-signature";

/** As a back end checks it, written from the Standard Webhooks text alone. */
function verify(secret: string, headers: Record<string, string>, body: string, nowSeconds: number): boolean {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  if (Math.abs(nowSeconds - Number(timestamp)) > 300) return false;
  const expected = createHmac("sha256", Buffer.from(secret.replace("whsec_", ""), "base64"))
    .update(`${id}.${timestamp}.${body}`)
    .digest();
  return (signatures ?? "").split(" ").some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ""), "base64");
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

describe("the signature of a call", () => {
  it("is the one of the public test vector", () => {
    const headers = signatureHeaders(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1614265330, body: '{"test": 2432232314}' });
    expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  it("is accepted with the secret, and with no change of id, time, body or secret", () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[a-z0-9_]{1,40}$/), fc.string({ minLength: 1 }), (body, id, more) => {
        const secret = newSigningSecret();
        const headers = signatureHeaders([secret], { id, timestamp: 1_800_000_000, body });
        expect(verify(secret, headers, body, 1_800_000_010)).toBe(true);
        expect(verify(secret, headers, body + more, 1_800_000_010)).toBe(false);
        expect(verify(secret, { ...headers, "webhook-id": `${id}x` }, body, 1_800_000_010)).toBe(false);
        expect(verify(secret, { ...headers, "webhook-timestamp": "1800000001" }, body, 1_800_000_010)).toBe(false);
        expect(verify(newSigningSecret(), headers, body, 1_800_000_010)).toBe(false);
        expect(verify(secret, headers, body, 1_800_001_000)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it("comes twice while one secret replaces another, so that a back end with either accepts it", () => {
    const [old, fresh] = [newSigningSecret(), newSigningSecret()];
    const headers = signatureHeaders([fresh, old], { id: "msg_1", timestamp: 1_800_000_000, body: "{}" });
    expect([verify(old, headers, "{}", 1_800_000_000), verify(fresh, headers, "{}", 1_800_000_000)]).toEqual([true, true]);
  });
});
