import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./launcher/paths.mjs";

// What the linter and the boundary checker cannot see.

const MAX_LINES = 400;
const ROUTE_FILES = /^(page|layout|loading|error|not-found|route|global-error)\.tsx?$|\.css$/;
const FORBIDDEN_NAMES = /(^|\/)(utils?|helpers?|misc|common)(\.tsx?$|\/)/;
const CLOCKS = /new Date\(\)|Date\.now\(\)/;
const DATE_FORMATS = /new Intl\.DateTimeFormat/;
const DATE_FORMAT_HOMES = /^lib\/core\/(date-format|env)\.ts$|\.test\.tsx?$/;
const LINK_HOMES = /^components\/(ui\/link|layout\/nav-pending)\.tsx$/;
const CLOCK_HOMES = /^lib\/core\/ctx\.ts$|-process\.mjs$|^lib\/cli\/|\.test\.ts$|\.suite\.ts$/;

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: ROOT, encoding: "utf8" }).split("\n").filter(Boolean);
const problems = [];
const read = (file) => readFileSync(path.join(ROOT, file), "utf8");

for (const file of files.filter((name) => /\.(tsx?|mjs)$/.test(name) && !name.startsWith("golden-paths/"))) {
  const text = read(file);
  const lines = text.split("\n").length;
  if (lines > MAX_LINES) problems.push(`${file}: ${lines} lines; at most ${MAX_LINES}. Look for a second noun.`);
  if (FORBIDDEN_NAMES.test(file)) problems.push(`${file}: name it for what it does.`);
  if (file.startsWith("lib/") && !CLOCK_HOMES.test(file) && CLOCKS.test(text)) problems.push(`${file}: time comes from ctx.now.`);
  if (/^(app|components|lib)\//.test(file) && !DATE_FORMAT_HOMES.test(file) && DATE_FORMATS.test(text)) problems.push(`${file}: formatters come from lib/core/date-format.`);
  if (/^(app|components)\//.test(file) && !LINK_HOMES.test(file) && text.includes('"next/link"')) problems.push(`${file}: links come from components/ui/link.`);
  if (/^app\//.test(file) && !ROUTE_FILES.test(path.basename(file))) problems.push(`${file}: app/ holds only Next's own file names.`);
  if (/^lib\/[^/]+\/actions\.ts$/.test(file)) {
    const exported = [...text.matchAll(/^export (.*)$/gm)].map((match) => match[1]);
    if (!text.startsWith('"use server"')) problems.push(`${file}: begin with "use server".`);
    for (const line of exported) if (!/^const \w+ = action\(/.test(line)) problems.push(`${file}: exports only action(…), not "${line}".`);
  }
}

if (problems.length) {
  console.log(problems.join("\n"));
  process.exit(1);
}
