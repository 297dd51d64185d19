import { NextRequest } from "next/server";
import { expect, test } from "vitest";
import { proxy } from "@/proxy";

const ask = (headers: Record<string, string> = {}) => proxy(new NextRequest("http://portal.example/environments", { headers }));
const policyOf = (response: Response) => response.headers.get("content-security-policy") ?? "";
const nonceOf = (response: Response) => /'nonce-([^']+)'/.exec(policyOf(response))?.[1];

test("every page has its own nonce, never the caller's", () => {
  const [one, two] = [ask(), ask({ "x-nonce": "mine", "content-security-policy": "script-src 'nonce-mine' *" })];
  expect(nonceOf(one)?.length).toBeGreaterThanOrEqual(22);
  expect(nonceOf(two)).not.toBe(nonceOf(one));
  expect(policyOf(two)).not.toContain("mine");
  // What the page itself is told must be what the browser is told.
  expect(two.headers.get("x-middleware-request-x-nonce")).toBe(nonceOf(two));
  expect(two.headers.get("x-middleware-request-content-security-policy")).toBe(policyOf(two));
});

test("the policy lets in no script but our own, and no frame, form or base that leads away", () => {
  const policy = Object.fromEntries(
    policyOf(ask())
      .split("; ")
      .map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]),
  );
  expect(policy["script-src"]).not.toMatch(/unsafe-inline|\*|https?:|data:/);
  expect(policy).toMatchObject({ "default-src": "'self'", "object-src": "'none'", "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'none'" });
});

test("the other headers are there", () => {
  const { headers } = ask();
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("x-frame-options")).toBe("DENY");
  expect(headers.get("referrer-policy")).toBe("strict-origin-when-cross-origin");
  expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
});
