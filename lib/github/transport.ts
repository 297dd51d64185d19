import { setTimeout as wait } from "node:timers/promises";
import { RequestError } from "@octokit/request-error";
import type { Octokit } from "@octokit/rest";
import { log } from "../core/log";

const API_VERSION = "2022-11-28";
const REPEATS = 2;
const FIRST_WAIT_MS = 250;
const MAX_BYTES = 32 * 1024 * 1024;
const NO_BODY = new Set([204, 205, 304]);

/**
 * A fetch that ends after `timeoutMs` and hands on only whole answers: the library would take a body that broke off for
 * an empty success.
 */
export function wholeAnswers(timeoutMs: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    if (Number(response.headers.get("content-length")) > MAX_BYTES) throw new Error("the answer is larger than 32 MB");
    const body = await response.arrayBuffer();
    const whole = new Response(NO_BODY.has(response.status) ? null : body, { status: response.status, statusText: response.statusText, headers: response.headers });
    return Object.defineProperty(whole, "url", { value: response.url });
  };
}

/** The same API with its version fixed, reads tried again, and a log line per request that holds no secrets. */
export function observed(octokit: Octokit): Octokit {
  octokit.hook.wrap("request", async (request, options) => {
    options.headers["x-github-api-version"] = API_VERSION;
    // A new token harms nobody, so asking twice for one is safe too.
    const isSafe = options.method === "GET" || options.method === "HEAD" || options.url.endsWith("/access_tokens");
    for (let attempt = 0; ; attempt += 1) {
      const begun = performance.now();
      try {
        const response = await request(options);
        note(options, response.status, begun, attempt, response.headers["x-github-request-id"]);
        return response;
      } catch (error) {
        const answer = error instanceof RequestError ? error.response : undefined;
        note(options, answer?.status ?? 0, begun, attempt, answer?.headers["x-github-request-id"]);
        if (!isSafe || attempt >= REPEATS || (answer && answer.status < 500)) throw error;
        await wait(FIRST_WAIT_MS * 2 ** attempt);
      }
    }
  });
  return octokit;
}

/** Method, route (not the address, which may carry a signature), status (0 = no answer), time. */
function note(options: { method: string; url: string; owner?: unknown; repo?: unknown }, status: number, begun: number, attempt: number, requestId: unknown): void {
  const { method, url, owner, repo } = options;
  const line = { github: `${method} ${url}`, owner, repo, status, ms: Math.round(performance.now() - begun), attempt, requestId };
  if (status === 0 || status >= 500) log().warn(line, "GitHub did not answer well");
  else log().debug(line, "GitHub answered");
}
