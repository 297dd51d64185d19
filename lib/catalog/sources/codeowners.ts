import path from "node:path";
import picomatch from "picomatch";
import type { SourceReader } from "./reader";

/** Where GitHub and others look, in this order. */
export const CODEOWNERS_PATHS = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];
const MAX_RULES = 5_000;
const MAX_PATTERN = 300;
const MAX_STARS = 12;

export interface CodeownersRule {
  matches: (path: string) => boolean;
  /** As they are written: `@acme/checkout`, `@octo`, `x@example.com`; none says that nobody owns it. */
  owners: string[];
}

/** Reads a CODEOWNERS file. What it does not know as a pattern (`!`, `[ ]`, `\`) is left out, as its hosts do. */
export function parseCodeowners(text: string): CodeownersRule[] {
  return text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .slice(0, MAX_RULES)
    .flatMap((line) => {
      const [pattern, ...rest] = line
        .replace(/(^|\s)#.*$/, "")
        .trim()
        .split(/\s+/);
      if (!pattern || pattern.length > MAX_PATTERN || /[![\]\\(){}]/.test(pattern) || (pattern.match(/\*/g)?.length ?? 0) > MAX_STARS) return [];
      return [{ matches: picomatch(globsOf(pattern), { dot: true, noextglob: true, nobrace: true, nobracket: true }), owners: rest }];
    });
}

/** A pattern as .gitignore means it: from the root when it holds a slash, and of a folder also what is below it. */
function globsOf(pattern: string): string[] {
  const isFolder = pattern.endsWith("/");
  const bare = pattern.replace(/^\//, "").replace(/\/$/, "");
  const isRooted = pattern.startsWith("/") || bare.includes("/");
  const base = isRooted ? bare : bare === "*" ? "**" : `**/${bare}`;
  if (isFolder) return [`${base}/**`];
  return /\*$/.test(base) ? [base] : [base, `${base}/**`];
}

/** The first team that owns the folder of a file, as `organisation/team`; null where the last rule that fits names none. */
export function owningTeam(rules: CodeownersRule[], file: string): string | null {
  // The folder and not the file: `*.yaml @acme/platform` says nothing about the service beside it.
  const folder = path.posix.dirname(file);
  const place = folder === "." ? "_" : `${folder}/_`;
  const rule = rules.filter((one) => one.matches(place)).at(-1);
  const team = rule?.owners.find((owner) => /^@[^/@\s]+\/[^/\s]+$/.test(owner));
  return team ? team.slice(1) : null;
}

/** The rules of a source; none where it has no CODEOWNERS. */
export async function readCodeowners(reader: SourceReader): Promise<CodeownersRule[]> {
  const read = await reader.read(CODEOWNERS_PATHS);
  for (const at of CODEOWNERS_PATHS) {
    const found = read.get(at);
    if (found && "text" in found) return parseCodeowners(found.text);
  }
  return [];
}
