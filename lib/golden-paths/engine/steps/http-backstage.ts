import { z } from "zod";
import { db } from "@/db/client";
import type { Scope } from "@/lib/core/actor";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { safeFetch } from "@/lib/core/safe-fetch";
import { withLentToken } from "@/lib/identity/mutations";
import { stepAction } from "../step-action";

// Backstage's steps call its own plugins by this. Here that is Waymark's API, with a token in the name of the person who runs the
// path: it lives as long as the request, and never reaches what only administrators may do.

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
const READING: Scope[] = ["read"];
const WRITING: Scope[] = ["read", "env:write", "repo:create", "catalog:write", "actions:run", "events:write"];
/** What of Backstage's plugins Waymark answers for, and its own API. */
const OWN = /^\/api\/(catalog|scaffolder|v1)\//;
const MAX_TIMEOUT_MS = 120_000;
const MAX_BYTES = 1024 * 1024;
/** Ours to set: whose rights, and how long the body is. */
const NOT_YOURS = /^(authorization|cookie|host|connection|content-length|transfer-encoding|x-forwarded-.*)$/i;

const Input = z.looseObject({
  path: z
    .string("expected a path")
    .max(2_000)
    .refine(
      (path) => pathOf(path) !== null,
      "expected a path of catalog/…, scaffolder/… or v1/…; proxies and other plugins of Backstage have no counterpart in Waymark, an HTTP step action has",
    ),
  method: z.enum(METHODS, `expected one of ${METHODS.join(", ")}`),
  headers: z.record(z.string(), z.coerce.string()).default({}),
  params: z.record(z.string(), z.coerce.string()).default({}),
  body: z.unknown().optional(),
  logRequestPath: z.boolean("expected true or false").default(true),
  continueOnBadResponse: z.boolean("expected true or false").default(false),
  timeout: z.number("expected milliseconds").int().min(1).max(MAX_TIMEOUT_MS, "at most 120000").default(60_000),
});

export const httpBackstageRequest = stepAction({
  id: "http:backstage:request",
  effect: "outside",
  input: Input,
  ignored: { useBackstageToken: "Waymark makes a token of its own for the person who runs it", idempotencyKey: "each step is sent with a key of its own, and done once" },
  foresee: ({ method, path }) => ({
    calls: [{ call: `${method} ${pathOf(path) ?? path}`, detail: "With the rights of the person who runs it." }],
    output: { code: 200, headers: {}, body: {} },
  }),
  run: async ({ input, context, attempt, log, signal }) => {
    const { method, timeout } = input;
    const { id: userId } = context.user;
    if (!userId) throw new DomainError("forbidden", "http:backstage:request acts for the person who runs it, and nobody does.");
    const base = env().role === "worker" ? env().url : `http://127.0.0.1:${env().port}`;
    const url = new URL(pathOf(input.path) ?? "", base);
    for (const [key, value] of Object.entries(input.params)) url.searchParams.append(key, value);
    if (input.logRequestPath) log(`${method} ${url.pathname}`);
    const isReading = method === "GET" || method === "HEAD";
    const now = await databaseNow();
    const lent = { userId, name: `step of ${context.runId}`, scopes: isReading ? READING : WRITING, ttlMs: timeout + 10_000, now };
    const answer = await withLentToken(db(), lent, (token) => {
      attempt?.hide(token);
      const headers = {
        ...givenHeaders(input.headers),
        authorization: `Bearer ${token}`,
        ...(attempt && method === "POST" ? { "idempotency-key": `${context.runId}.${attempt.key}` } : {}),
      };
      const body = bodyOf(input.body);
      const content = body === null || isReading ? {} : { body, headers: { "content-type": "application/json", ...headers } };
      return safeFetch(url.href, { method, headers, ...content, timeoutMs: timeout, maxBytes: MAX_BYTES, redirects: 0, privateHosts: [url.host], signal });
    });
    const body = readBody(answer.text(), String(answer.headers["content-type"] ?? ""));
    if (answer.status >= 400 && !input.continueOnBadResponse)
      throw new DomainError("invalid", `${method} ${url.pathname} answered ${answer.status}: ${JSON.stringify(body).slice(0, 500)}`);
    return { code: answer.status, headers: answer.status >= 400 ? {} : { ...answer.headers }, body };
  },
});

/** The path below our own origin; null for what is none, or leads elsewhere. */
function pathOf(path: string): string | null {
  const whole = `/${path.replace(/^\/+/, "").replace(/^api\//, "")}`;
  if (/\\|%2e|%2f|%5c/i.test(whole.split("?")[0] ?? "") || !URL.canParse(`/api${whole}`, "http://own")) return null;
  const url = new URL(`/api${whole}`, "http://own");
  return url.host === "own" && OWN.test(url.pathname) ? `${url.pathname}${url.search}` : null;
}

const givenHeaders = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (NOT_YOURS.test(name) ? [] : [[name.toLowerCase(), value]])));
const bodyOf = (body: unknown): string | null => (body === undefined || body === null ? null : typeof body === "string" ? body : JSON.stringify(body));

function readBody(text: string, type: string): unknown {
  if (!type.includes("json")) return { message: text };
  try {
    return JSON.parse(text);
  } catch {
    return { message: text };
  }
}
