import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./launcher/paths.mjs";
import { fail } from "./launcher/say.mjs";

// Runs Backstage templates of other people, unmodified and at fixed commits. They are fetched into a folder that git ignores.
// --from: where repositories are, with {owner} and {name}; for machines without a way to github.com.

const at = process.argv.indexOf("--from");
const from = at > 0 ? process.argv[at + 1] : "https://github.com/{owner}/{name}.git";
const folder = path.join(ROOT, "node_modules/.cache/public-templates");
const { run, report } = JSON.parse(readFileSync(path.join(ROOT, "tests/public-templates/templates.json"), "utf8"));

const git = (...args) => spawnSync("git", args, { encoding: "utf8" });
mkdirSync(folder, { recursive: true });
for (const { repository, commit } of [...run, ...report]) {
  const [owner, name] = repository.split("/");
  const dir = path.join(folder, `${owner}+${name}`);
  if (!existsSync(dir)) git("init", "--quiet", "--bare", dir);
  if (git("-C", dir, "cat-file", "-e", `${commit}^{commit}`).status === 0) continue;
  const fetched = git("-C", dir, "fetch", "--quiet", "--depth", "1", from.replace("{owner}", owner).replace("{name}", name), commit);
  if (fetched.status !== 0) fail(`${repository} at ${commit.slice(0, 7)} cannot be fetched: ${fetched.stderr.trim()}`, 1);
}
const { status } = spawnSync("npx", ["vitest", "run", "--project", "unit", "lib/golden-paths/public-templates-live.test.ts"], {
  cwd: ROOT,
  stdio: "inherit",
  env: { ...process.env, WAYMARK_GITHUB_LIVE: "{}", WAYMARK_PUBLIC_TEMPLATES: folder },
});
process.exit(status ?? 1);
