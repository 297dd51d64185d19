import { parseArgs } from "node:util";
import { parseDuration } from "@/lib/core/duration";
import { nearestName } from "@/lib/core/nearest-name";
import { EXIT, Exit } from "./exit";

interface OptionSpec {
  /** How its value is called in the help; without one it is a switch. */
  value?: string;
  many?: true;
  short?: string;
  help: string;
  example?: string;
}

export const OPTIONS = {
  template: { value: "NAME", help: "golden path to use; `path list` shows them", example: "node-express" },
  "path-version": { value: "VERSION", help: "version of the golden path; its current one if left out" },
  ttl: { value: "DURATION", help: "how long it lives, from now: 30m, 48h, 7d", example: "48h" },
  name: { value: "NAME", help: "2 to 40 lower-case letters, digits and hyphens; made up if left out" },
  team: { value: "TEAM", help: "owning team; your only one if left out" },
  set: { value: "k=v", many: true, help: "answer to a question of the form; may be repeated" },
  entity: { value: "REF", help: "what of the catalog it is about, such as the service whose commit it runs", example: "component:default/checkout-api" },
  ref: { value: "REF", help: "branch, tag or commit", example: "main" },
  tier: { value: "TIER", help: "sandbox, development, staging or production; sandbox if left out", example: "staging" },
  "promote-from": { value: "ENV", help: "deploy what this environment of the same service runs", example: "checkout-api-staging" },
  rollback: { help: "deploy what ran there before" },
  provider: { value: "PLACE", help: "where the repository goes: waymark or github; as the golden path says if left out", example: "waymark" },
  run: { help: "make an environment of it that is thrown away, wait until it answers, print its address" },
  "dry-run": { help: "only show what would be made" },
  confirm: { value: "NAME", help: "name of what comes to its end, to be sure", example: "basket-rules" },
  status: { value: "STATUS", help: "only those with this status; of pull requests open, merged or closed", example: "merged" },
  "delete-branch": { help: "delete the branch once it is merged" },
  scope: { value: "SCOPE", help: "mine, team or all", example: "mine" },
  note: { value: "TEXT", help: "what changes, for the people who use it", example: "'Node 22'" },
  from: { value: "PLACE", help: "address to clone, or github:owner/name; the service's own repository if left out", example: "https://git.example/acme/shop" },
  repository: { value: "NAME", help: "name under which the commits are kept; what the address says if left out", example: "acme/shop" },
  tags: { value: "PATTERN", many: true, help: "tags that were deployments, * for anything, !… leaves out; v* if left out; several by commas, or repeated" },
  list: { value: "FILE", help: "deployments as CSV (commit,finished_at,…) or JSON instead of tags", example: "deployments.csv" },
  "github-deployments": { help: "read deployments and pull requests at GitHub instead of tags" },
  environment: { value: "NAME", help: "where tags and rows without one were deployed to; production if left out" },
  since: { value: "DAY", help: "only deployments from this day on", example: "2026-01-01" },
  level: { value: "LEVEL", help: "level that has to be reached, else the command ends with 1", example: "silver" },
  scorecard: { value: "NAME", help: "only this scorecard; every one that applies if left out", example: "production-readiness" },
  "no-wait": { help: "return as soon as it is accepted" },
  follow: { help: "go on as more is written" },
  as: { value: "USER", help: "whose token it is", example: "ada" },
  scopes: { value: "a,b", help: "what it may do; read if left out", example: "read,env:write" },
  url: { value: "URL", help: "the portal; else WAYMARK_URL, else where you signed in last, else http://localhost:3000" },
  json: { help: "one JSON object on standard output and nothing else there" },
  version: { help: "the version of this program" },
  help: { short: "h", help: "this text" },
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof OPTIONS;
type ValueOf<Spec> = Spec extends { many: true } ? string[] : Spec extends { value: string } ? string : boolean;
export type Options = { [Name in OptionName]?: ValueOf<(typeof OPTIONS)[Name]> };

export const specOf = (name: OptionName): OptionSpec => OPTIONS[name];

const isKnown = (name: string): name is OptionName => Object.hasOwn(OPTIONS, name);
const usage = (message: string) => new Exit(EXIT.usage, message);

/** Words and options of a command line. Nothing in it is expanded, `@file` neither. Throws Exit 2. */
export function readArguments(argv: string[]): { words: string[]; options: Options } {
  const config = Object.fromEntries(
    Object.entries<OptionSpec>(OPTIONS).map(([name, { value, short }]) => [name, { type: value ? ("string" as const) : ("boolean" as const), ...(short ? { short } : {}) }]),
  );
  const { tokens } = parseArgs({ args: argv, options: config, strict: false, allowPositionals: true, tokens: true });
  const words: string[] = [];
  const options: Record<string, string | boolean | string[]> = {};
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    if (!isKnown(name)) throw unknownOption(rawName, name);
    const spec = specOf(name);
    if (!spec.value && inlineValue) throw usage(`${rawName} takes no value.`);
    if (spec.value && (!value || (!inlineValue && value.startsWith("--"))))
      throw usage(`${rawName} needs a value${spec.example ? `, for example ${rawName} ${spec.example}` : ""}.`);
    options[name] = spec.many ? [...((options[name] as string[] | undefined) ?? []), value ?? ""] : (value ?? true);
  }
  // Every name is in the table and every value is of the kind that the table says: both are checked above.
  return { words, options: options as Options };
}

function unknownOption(rawName: string, name: string): Exit {
  const near = nearestName(name, Object.keys(OPTIONS));
  return usage(`There is no option ${rawName}.${near ? ` Did you mean --${near}?` : ""}`);
}

/** Checks a duration before anything is sent. Throws Exit 2. */
export function checkTtl(ttl: string | undefined): void {
  if (ttl === undefined) return;
  try {
    parseDuration(ttl);
  } catch (error) {
    throw usage(`--ttl: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The same rule as the portal's; it is repeated here so that the command line stays small, and a test compares the two. */
export const NAME_PATTERN = /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/;

/** Checks a name before anything is sent. Throws Exit 2. */
export function checkName(name: string | undefined): void {
  if (name === undefined || NAME_PATTERN.test(name)) return;
  throw usage("--name: Use 2 to 40 characters: lower-case letters, digits and hyphens, beginning with a letter, not ending with a hyphen.");
}
