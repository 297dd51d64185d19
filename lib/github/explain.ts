import { RequestError } from "@octokit/request-error";
import { GithubFailure } from "./failure";
import { acceptedPermissions, permissionTitle } from "./permissions";

// What GitHub's answers mean. Each rule looks at one answer and returns its failure, or null for the next rule.

export interface Asked {
  /** What was tried, as in "create the repository acme/shop". */
  doing: string;
  auth: "app" | "token";
  apiUrl: string;
}

interface Answer extends Asked {
  status: number;
  message: string;
  headers: Record<string, string | undefined>;
  errors: string[];
  isWrite: boolean;
}

const SETTINGS = "Integrations";
const who = ({ auth }: Asked) => (auth === "app" ? "the GitHub App" : "the token");
// The clock of this process, in milliseconds since 1970: waits that GitHub asks for are counted from the moment of its answer.
const clock = () => performance.timeOrigin + performance.now();
const utc = (moment: Date) => `${moment.toISOString().slice(11, 16)} UTC`;

/** Any error of a call as a GithubFailure with cause, who can fix it and the next action. */
export function explain(error: unknown, asked: Asked): GithubFailure {
  if (error instanceof GithubFailure) return error;
  if (!(error instanceof RequestError) || !error.response) return withoutAnswer(error, asked);
  const answer = readAnswer(error, asked);
  const rules = [rateLimited, badCredentials, singleSignOn, suspended, ipAllowList, plan, archived, nameTaken, missingPermission, notFound, conflict, invalid];
  for (const rule of rules) {
    const failure = rule(answer, error);
    if (failure) return failure;
  }
  return new GithubFailure(
    {
      problem: "unavailable",
      cause: `GitHub could not ${asked.doing}: it answered ${answer.status}${answer.message ? ` (${answer.message})` : ""}.`,
      whoCanFix: "provider",
      nextAction: "Look at githubstatus.com, then retry.",
      status: answer.status,
      mayHaveHappened: answer.isWrite && answer.status >= 500,
    },
    { cause: error },
  );
}

function readAnswer(error: RequestError, asked: Asked): Answer {
  const data: unknown = error.response?.data;
  const body = typeof data === "object" && data !== null ? (data as { message?: unknown; errors?: unknown }) : {};
  const errors = Array.isArray(body.errors) ? body.errors.map(errorText) : typeof body.errors === "string" ? [body.errors] : [];
  const headers = Object.fromEntries(Object.entries(error.response?.headers ?? {}).map(([name, value]) => [name, value === undefined ? undefined : String(value)]));
  const message = typeof body.message === "string" ? body.message.slice(0, 300) : "";
  return { ...asked, status: error.status, message, headers, errors, isWrite: !isSafe(error.request.method) };
}

function errorText(entry: unknown): string {
  if (typeof entry === "string") return entry;
  const { message, field, code } = (entry ?? {}) as Record<string, unknown>;
  return typeof message === "string" ? message : [field, code].filter((part) => typeof part === "string").join(" ");
}

const isSafe = (method: string) => method === "GET" || method === "HEAD";

type Rule = (answer: Answer, error: unknown) => GithubFailure | null;

const rateLimited: Rule = (answer, cause) => {
  const { status, headers, message, doing } = answer;
  const isPrimary = headers["x-ratelimit-remaining"] === "0";
  const isSecondary = headers["retry-after"] !== undefined || /secondary rate limit|abuse detection/i.test(message);
  if ((status !== 403 && status !== 429) || !(isPrimary || isSecondary || status === 429)) return null;
  const after = Number(headers["retry-after"]);
  const reset = Number(headers["x-ratelimit-reset"]);
  const waitMs = headers["retry-after"] && Number.isFinite(after) ? after * 1000 : isPrimary && reset > 0 ? reset * 1000 - clock() : 60_000;
  const retryAt = new Date(clock() + Math.min(Math.max(waitMs, 1000), 2 * 3600_000));
  const limit = isPrimary ? "the hourly rate limit is used up" : "too many writes in a short time (secondary rate limit)";
  const nextAction = `Wait until ${utc(retryAt)}, then retry.`;
  return new GithubFailure({ problem: "rate-limited", cause: `GitHub did not ${doing}: ${limit}.`, whoCanFix: "you", nextAction, status, retryAt }, { cause });
};

const badCredentials: Rule = (answer, cause) => {
  if (answer.status !== 401) return null;
  const reason = answer.auth === "app" ? "it does not accept the App's id and private key" : "it does not accept the token, which may have expired or been revoked";
  const nextAction = answer.auth === "app" ? `Check the App id and make a new private key, then enter both on ${SETTINGS}.` : `Make a new token and enter it on ${SETTINGS}.`;
  return new GithubFailure({ problem: "bad-credentials", cause: `GitHub did not ${answer.doing}: ${reason}.`, whoCanFix: "platform-team", nextAction, status: 401 }, { cause });
};

const singleSignOn: Rule = (answer, cause) => {
  const header = answer.headers["x-github-sso"];
  if (answer.status !== 403 || !header?.startsWith("required")) return null;
  const url = /url=(https:\S+)/.exec(header)?.[1];
  return new GithubFailure(
    {
      problem: "single-sign-on",
      cause: `GitHub did not ${answer.doing}: the organisation asks for single sign-on, and the token is not authorised for it.`,
      whoCanFix: "platform-team",
      nextAction: "Open the token's settings on GitHub, choose Configure SSO, authorise the organisation, then retry.",
      status: 403,
      evidence: url ? [{ title: "Authorise the token", url }] : [],
    },
    { cause },
  );
};

const refused = (problem: "suspended" | "ip-allow-list" | "plan" | "archived", pattern: RegExp, reason: string, nextAction: string): Rule => {
  return (answer, cause) => {
    if (answer.status !== 403 || !pattern.test(answer.message)) return null;
    return new GithubFailure({ problem, cause: `GitHub did not ${answer.doing}: ${reason}.`, whoCanFix: "platform-team", nextAction, status: 403 }, { cause });
  };
};

const suspended = refused(
  "suspended",
  /suspended/i,
  "the installation of the GitHub App is suspended",
  "Ask an owner of the organisation to unsuspend it (Settings, GitHub Apps), then retry.",
);
const ipAllowList = refused(
  "ip-allow-list",
  /IP allow list/i,
  "the organisation only allows listed addresses, and the portal's is not among them",
  "Ask an owner of the organisation to add the portal's outgoing address to its IP allow list, then retry.",
);
const plan = refused("plan", /upgrade to|plan/i, "the organisation's plan does not include it", "Use another plan of GitHub, or do without this setting.");
const archived = refused("archived", /archived/i, "the repository is archived and can only be read", "Unarchive the repository on GitHub, then retry.");

const nameTaken: Rule = (answer, cause) => {
  if (answer.status !== 422 || ![answer.message, ...answer.errors].some((text) => /name already exists/i.test(text))) return null;
  return new GithubFailure(
    {
      problem: "name-taken",
      cause: `GitHub did not ${answer.doing}: a repository of this name exists already.`,
      whoCanFix: "you",
      nextAction: "Choose another name and start again.",
      status: 422,
    },
    { cause },
  );
};

const missingPermission: Rule = (answer, cause) => {
  if (answer.status !== 403) return null;
  const permissions = acceptedPermissions(answer.headers["x-accepted-github-permissions"]);
  const named = permissions.length ? `lacks the permission ${permissions.map(permissionTitle).join(" and ")}` : `may not do this${answer.message ? ` (${answer.message})` : ""}`;
  const grant = answer.auth === "app" ? "Grant it in the App's settings, accept it for the organisation" : "Give the token this permission";
  const nextAction = permissions.length ? `${grant}, then retry.` : `Compare its permissions with those listed on ${SETTINGS}, then retry.`;
  return new GithubFailure(
    { problem: "missing-permission", cause: `GitHub did not ${answer.doing}: ${who(answer)} ${named}.`, whoCanFix: "platform-team", nextAction, status: 403, permissions },
    { cause },
  );
};

const notFound: Rule = (answer, cause) => {
  if (answer.status !== 404 && answer.status !== 410 && answer.status !== 451) return null;
  return new GithubFailure(
    {
      problem: "not-found",
      cause: `GitHub could not ${answer.doing}: it is not there, or ${who(answer)} may not see it.`,
      whoCanFix: "platform-team",
      nextAction: "Check the name, and that the connection reaches it, then retry.",
      status: answer.status,
    },
    { cause },
  );
};

const told = ({ message, errors }: Answer) => [...new Set([message, ...errors])].filter(Boolean).join("; ").slice(0, 500);

const conflict: Rule = (answer, cause) =>
  answer.status === 409
    ? new GithubFailure(
        {
          problem: "conflict",
          cause: `GitHub could not ${answer.doing} in its present state: ${told(answer)}`,
          whoCanFix: "you",
          nextAction: "Look at the repository on GitHub, then retry.",
          status: 409,
        },
        { cause },
      )
    : null;

const invalid: Rule = (answer, cause) =>
  answer.status === 400 || answer.status === 422
    ? new GithubFailure(
        {
          problem: "invalid",
          cause: `GitHub did not ${answer.doing}: ${told(answer)}`,
          whoCanFix: "you",
          nextAction: "Correct what GitHub names, then retry.",
          status: answer.status,
        },
        { cause },
      )
    : null;

const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);

/** No answer came: either the request never left, or its effect is unknown. */
function withoutAnswer(error: unknown, asked: Asked): GithubFailure {
  const codes = causes(error).map((cause) => ("code" in cause ? String(cause.code) : cause.name));
  const isWrite = error instanceof RequestError ? !isSafe(error.request.method) : false;
  const { host } = new URL(asked.apiUrl);
  const isCertificate = codes.some((code) => /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code));
  if (isCertificate || codes.some((code) => NEVER_SENT.has(code))) {
    const reason = isCertificate ? `the certificate of ${host} is not trusted` : `${host} cannot be reached`;
    const nextAction = isCertificate ? "Give the portal the certificate authority (NODE_EXTRA_CA_CERTS), then retry." : `Check the network from the portal to ${host}, then retry.`;
    return new GithubFailure({ problem: "unreachable", cause: `Waymark could not ${asked.doing}: ${reason}.`, whoCanFix: "platform-team", nextAction }, { cause: error });
  }
  const reason = codes.includes("TimeoutError") ? "GitHub did not answer in time" : "the connection to GitHub broke before the answer";
  return new GithubFailure(
    {
      problem: isWrite ? "lost-answer" : "unavailable",
      cause: `Waymark could not ${asked.doing}: ${reason}.`,
      whoCanFix: "provider",
      nextAction: "Retry: what GitHub did already is found and not done twice.",
      mayHaveHappened: isWrite,
    },
    { cause: error },
  );
}

/** The error and what it was caused by, outermost first. */
function causes(error: unknown): Error[] {
  const list: Error[] = [];
  for (let at = error; at instanceof Error && list.length < 6; at = at.cause) list.push(at);
  return list;
}
