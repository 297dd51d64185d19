import { setTimeout as wait } from "node:timers/promises";
import { isDomainError } from "../core/errors";
import { log } from "../core/log";
import { type SafeResponse, safeFetch } from "../core/safe-fetch";
import { type ConnectionKind, HOST_WORDS, type HostKind } from "./contract";
import { HostFailure } from "./failure";

const TIMEOUT_MS = 15_000;
const READS = 3;
const FIRST_WAIT_MS = 250;

/** Everything that is needed to speak to one host. Holds a secret: never log it, never send it to a page. */
export interface HostConnection<K extends ConnectionKind = HostKind> {
  kind: K;
  /** Origin and path below which the host's pages and git addresses are; no trailing slash. */
  url: string;
  /** Where repositories are made unless a template names another place: group, organisation, `workspace/PROJECT`, `organisation/project`. */
  owner: string;
  /** The e-mail address that belongs to an API token of Bitbucket; null for tokens that stand alone. */
  user: string | null;
  token: string;
}

export interface HostRequest {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: object;
  /** Statuses that are an answer beside 2xx, such as 404 while looking for something. */
  answers?: number[];
}

export interface HostAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what another program answers; each adapter reads what its host documents
  data: any;
}

export interface HostClient {
  readonly connection: HostConnection<ConnectionKind>;
  readonly title: string;
  /** One request below the API's address. `doing` completes "GitLab did not …". Reads are tried up to three times, writes once. Throws HostFailure. */
  call(doing: string, path: string, request?: HostRequest): Promise<HostAnswer>;
}

/** A client for the API at `apiUrl`; `authorization` is the header's value. */
export function hostClient(connection: HostConnection<ConnectionKind>, { apiUrl, authorization }: { apiUrl: string; authorization: string }): HostClient {
  const { title } = HOST_WORDS[connection.kind];
  const ask = async (doing: string, path: string, { method = "GET", body, answers = [] }: HostRequest): Promise<HostAnswer> => {
    const begun = performance.now();
    const response = await sent(`${apiUrl}${path}`, { method, body, authorization }, { doing, title });
    log().debug({ host: connection.kind, method, path: path.split("?")[0], status: response.status, ms: Math.round(performance.now() - begun) }, `${title} answered`);
    // 203 is how Azure DevOps shows its page for signing in to a token that it does not know.
    if ((response.status >= 200 && response.status < 300 && response.status !== 203) || answers.includes(response.status)) {
      if (response.status < 300 && /html/.test(String(response.headers["content-type"] ?? ""))) throw notItsApi({ doing, title });
      return { status: response.status, data: readJson(response) };
    }
    throw refusal(response, { doing, title, isWrite: method !== "GET" });
  };
  return {
    connection,
    title,
    async call(doing, path, request = {}) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await ask(doing, path, request);
        } catch (error) {
          const isWorthIt = error instanceof HostFailure && (error.problem === "unavailable" || error.problem === "unreachable");
          if (!isWorthIt || (request.method ?? "GET") !== "GET" || attempt >= READS) throw error;
          await wait(FIRST_WAIT_MS * 2 ** (attempt - 1));
        }
      }
    },
  };
}

interface Asked {
  doing: string;
  title: string;
}

async function sent(
  url: string,
  { method, body, authorization }: { method: HostRequest["method"] & string; body: object | undefined; authorization: string },
  { doing, title }: Asked,
): Promise<SafeResponse> {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { authorization, accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) };
  try {
    // A repository that was moved answers with a redirect: its new place is not what was asked for.
    return await safeFetch(url, { method, headers, ...content, timeoutMs: TIMEOUT_MS, redirects: 0 });
  } catch (error) {
    if (!isDomainError(error)) throw error;
    if (/redirects too often/.test(error.message)) throw redirected({ doing, title }, error);
    const isRefused = error.code === "invalid";
    // A name that leads nowhere was mistyped far more often than it is away.
    const isAddress = isRefused || /^There is no host/.test(error.message);
    throw new HostFailure(
      {
        problem: isRefused ? "invalid" : "unreachable",
        cause: `${title} did not ${doing}: ${error.message}`,
        whoCanFix: isAddress ? "platform-team" : "provider",
        nextAction: isAddress ? "Check the address on Integrations." : "Retry in a minute; check the network from the portal if it stays so.",
        mayHaveHappened: !isRefused && method !== "GET",
      },
      { cause: error },
    );
  }
}

function notItsApi({ doing, title }: Asked): HostFailure {
  const cause = `${title} did not ${doing}: what answers at the address is not the API of ${title}.`;
  return new HostFailure({ problem: "invalid", cause, whoCanFix: "platform-team", nextAction: "Check the address on Integrations." });
}

/** The name in an answer to `doing`. Throws HostFailure where there is none, as when something else answers at the address. */
export function nameIn(client: HostClient, doing: string, name: unknown): string {
  if (typeof name !== "string" || name === "") throw notItsApi({ doing, title: client.title });
  return name;
}

/** Hosts lead on from what was renamed, and Azure DevOps leads a token that it does not accept to its page for signing in. */
function redirected({ doing, title }: Asked, cause?: unknown): HostFailure {
  const reason = `${title} did not ${doing}: it leads elsewhere, as for what was renamed, or for a token that it does not accept.`;
  return new HostFailure(
    { problem: "not-found", cause: reason, whoCanFix: "platform-team", nextAction: "Check the name there and the token on Integrations, then retry." },
    { cause },
  );
}

function readJson({ body, headers }: SafeResponse): unknown {
  if (body.length === 0 || !/json/.test(String(headers["content-type"] ?? ""))) return null;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}

/** What the host itself says, in the shapes that the four of them have. */
function saidBy(response: SafeResponse): string {
  const data = readJson(response) as { message?: unknown; error?: { message?: unknown } | string; error_description?: unknown } | null;
  const error = typeof data?.error === "object" ? data.error?.message : (data?.error_description ?? data?.error);
  const said = data?.message ?? error;
  const text = typeof said === "string" ? said : said ? JSON.stringify(said) : "";
  return text.replace(/\s+/g, " ").slice(0, 300);
}

function refusal(response: SafeResponse, { doing, title, isWrite }: Asked & { isWrite: boolean }): HostFailure {
  const { status } = response;
  const said = saidBy(response);
  const says = said ? ` It says: ${said}` : "";
  const build = (problem: HostFailure["problem"], reason: string, whoCanFix: "you" | "platform-team" | "provider", nextAction: string, mayHaveHappened = false) =>
    new HostFailure({ problem, cause: `${title} did not ${doing}: ${reason}.${says}`, whoCanFix, nextAction, status, mayHaveHappened });
  if (status === 401 || status === 203) return build("bad-credentials", "it does not accept the token", "platform-team", "Enter a valid token on Integrations, then retry.");
  if (status === 403) return build("missing-permission", "the token may not do that", "platform-team", "Give the token the rights that Integrations names, then retry.");
  if (status === 404) return build("not-found", "it is not there, or the token may not see it", "platform-team", "Check the name and what the token may see, then retry.");
  if (status === 409) return build("conflict", "it conflicts with what is there", "you", "Look at it there, then retry.");
  if (status === 429) return build("rate-limited", "too many requests were made", "provider", "Retry in some minutes.");
  if (status >= 300 && status < 400) return redirected({ doing, title });
  if (status >= 500) return build("unavailable", `it failed with ${status}`, "provider", "Retry in a minute.", isWrite);
  return build("invalid", `it refused the request with ${status}`, "platform-team", "Mend what it says, then retry.");
}
