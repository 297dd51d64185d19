import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { gitHttpBackend } from "../github/git-backend";

/** A bare repository on this machine that can be cloned over HTTP, made commit by commit with the times that the test names. */
export async function servedRepository() {
  const root = mkdtempSync(path.join(tmpdir(), "wm-served-"));
  const dir = path.join(root, "shop.git");
  const git = (args: string[], { at = new Date(0), by = "Ada" } = {}) => {
    const date = `${Math.floor(at.getTime() / 1000)} +0000`;
    const who = { GIT_AUTHOR_NAME: by, GIT_AUTHOR_EMAIL: "a@example.com", GIT_COMMITTER_NAME: by, GIT_COMMITTER_EMAIL: "a@example.com" };
    return execFileSync("git", args[0] === "init" ? args : [`--git-dir=${dir}`, ...args], {
      env: { ...process.env, ...who, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  };
  git(["init", "-q", "--bare", "--initial-branch=main", dir]);
  git(["config", "uploadpack.allowFilter", "true"]);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://host");
    const pathInfo = url.pathname.replace(/^\/fellside\/shop(\.git)?/, "");
    gitHttpBackend(request, { dir, pathInfo, query: url.search.slice(1), mayPushWorkflows: true, protectedRef: null }).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    git,
    dir,
    host,
    url: `http://${host}/fellside/shop`,
    /** Makes `main` the given commit, so that a clone brings it. */
    show: (commit: string) => git(["update-ref", "refs/heads/main", commit]),
    stop() {
      server.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
