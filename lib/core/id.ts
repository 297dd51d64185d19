import { randomBytes } from "node:crypto";

const PREFIXES = {
  user: "usr",
  team: "tea",
  rule: "rul",
  token: "tok",
  scimConnection: "scx",
  scimPerson: "scp",
  scimGroup: "scg",
  scimProblem: "scq",
  device: "dev",
  audit: "aud",
  run: "run",
  environment: "env",
  notification: "ntf",
  confirmation: "cfm",
  request: "req",
  worker: "wrk",
  location: "loc",
  catalogView: "cvw",
  repository: "rep",
  push: "psh",
  pullRequest: "pul",
  ejection: "eje",
  deployment: "dep",
  incident: "inc",
  action: "act",
  draft: "dra",
  pathProposal: "prp",
  pathTestRun: "ptr",
  survey: "svy",
  surveyChange: "svc",
  delivery: "dlv",
  feedback: "fbk",
  webhookSource: "whs",
  webhookDelivery: "whd",
  annotation: "ann",
  scorecard: "sco",
  scorecardException: "sce",
  scorecardCampaign: "scc",
  guardrail: "grd",
  guardrailException: "gre",
  guardrailDecision: "gdd",
} as const;

export type IdKind = keyof typeof PREFIXES;

// Crockford's alphabet in lower case: no i, l, o, u, so an id can be read aloud and is a valid Postgres name.
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_CHARS = 9;
const RANDOM_CHARS = 9;

/** A new id such as `env_1k7z…`: prefix, 9 characters of time (so ids sort by age), 9 random ones (45 bits). */
export function newId(kind: IdKind, atMs: number = performance.timeOrigin + performance.now()): string {
  let time = "";
  for (let rest = Math.floor(atMs), i = 0; i < TIME_CHARS; i++) {
    time = ALPHABET[rest % 32] + time;
    rest = Math.floor(rest / 32);
  }
  let random = "";
  for (const byte of randomBytes(RANDOM_CHARS)) random += ALPHABET[byte % 32];
  return `${PREFIXES[kind]}_${time}${random}`;
}

/** True if the text has the shape of an id of this kind; says nothing about its existence. */
export function isId(kind: IdKind, text: string): boolean {
  return new RegExp(`^${PREFIXES[kind]}_[0-9a-hjkmnp-tv-z]{6,32}$`).test(text);
}
