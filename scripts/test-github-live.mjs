import { spawnSync } from "node:child_process";
import { ROOT } from "./launcher/paths.mjs";

// The repository scenarios against a real organisation. Without a connection it says what it needs, and that is no failure.

const NAMES = ["GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY", "GITHUB_TOKEN", "GITHUB_API_URL", "GITHUB_OWNER"];
const given = Object.fromEntries(NAMES.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));

if (!given.GITHUB_OWNER || !(given.GITHUB_TOKEN || given.GITHUB_APP_ID)) {
  console.log(
    [
      "Not run: there is no GitHub to run against. Nothing was tested on GitHub.",
      "Set GITHUB_OWNER (an organisation for tests) and GITHUB_TOKEN (scopes repo, workflow, delete_repo), or GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY.",
      "GITHUB_API_URL for an Enterprise Server. Repositories named waymark-live-… are made and deleted.",
    ].join("\n"),
  );
  process.exit(0);
}

const { status } = spawnSync("npx", ["vitest", "run", "--project", "unit", "lib/repositories/providers/github-live.test.ts"], {
  cwd: ROOT,
  stdio: "inherit",
  env: { ...process.env, WAYMARK_GITHUB_LIVE: JSON.stringify(given) },
});
process.exit(status ?? 1);
