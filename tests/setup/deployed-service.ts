import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { repositories, runs } from "@/db/schema";
import { newId } from "@/lib/core/id";
import { bareRepositoryDir, ensureBareRepository } from "@/lib/git/bare";
import type { Repository } from "@/lib/repositories/contract";
import { findRepository } from "@/lib/repositories/queries";
import { until } from "./until";

/** A service that says which release it is, waits where asked, and needs neither packages nor a database. */
const server = (release: string) => `
import { createServer } from "node:http";
console.log("release ${release} starts");
${release === "broken" ? 'console.error("Error: the table orders is missing"); process.exit(4);' : ""}
const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://service");
  if (url.pathname === "/slow") await new Promise((resolve) => setTimeout(resolve, Number(url.searchParams.get("ms"))));
  for await (const _chunk of request);
  response.end("${release}");
}).listen(process.env.PORT);
process.on("SIGTERM", () => server.close(() => process.exit(0)));
`;

const MANIFEST = `apiVersion: waymark.dev/v1
kind: Environment
spec:
  runtime: node
  start: ["node", "server.mjs"]
  health: /healthz
  database: none
  memoryMiB: 128
`;

export interface TestService {
  repository: Repository;
  entityRef: string;
  /** Commits a release to a branch and pushes it to our own git server's folder. Returns the commit. */
  push(release: string, options?: { branch?: string; files?: Record<string, string> }): string;
  remove(): void;
}

/** A repository of the team with nothing in it yet. */
export async function aService(team: string, name: string, teamId = `tea_${team}`): Promise<TestService> {
  const id = newId("repository");
  const entityRef = `component:default/${name}`;
  await ensureBareRepository(bareRepositoryDir(id), "main");
  const work = mkdtempSync(path.join(tmpdir(), "wm-service-"));
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], { cwd: work, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  git("init", "--quiet", "--initial-branch=main");
  git("remote", "add", "origin", bareRepositoryDir(id));
  await db()
    .insert(repositories)
    .values({
      id,
      owner: team,
      name,
      provider: "waymark",
      status: "ready",
      cloneUrl: `http://localhost/git/${team}/${name}.git`,
      webUrl: `http://localhost/repositories/${team}/${name}`,
      teamId,
      entityRef,
    });
  const repository = await findRepository(db(), { id });
  if (!repository) throw new Error("the repository is not there");
  return {
    repository,
    entityRef,
    push(release, { branch = "main", files = {} } = {}) {
      git("checkout", "--quiet", "-B", branch);
      for (const [file, content] of Object.entries({ "server.mjs": server(release), "waymark.yaml": MANIFEST, ...files })) {
        mkdirSync(path.dirname(path.join(work, file)), { recursive: true });
        writeFileSync(path.join(work, file), content);
      }
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", "-m", `Release ${release}`);
      git("push", "--quiet", "--force", "origin", branch);
      return git("rev-parse", "HEAD").trim();
    },
    remove: () => rmSync(work, { recursive: true, force: true }),
  };
}

/** Waits for a run to end and returns its row. */
export async function ended(runId: string) {
  return until(
    `run ${runId} to end`,
    async () => {
      const row = await db().query.runs.findFirst({ where: eq(runs.id, runId) });
      return row?.finishedAt ? row : null;
    },
    90_000,
  );
}

/** Asks an environment at the sandbox address. */
export function askByName(proxyPort: number, name: string, target = "/", method = "GET", body = ""): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: proxyPort, path: target, method, headers: { host: `${name}.localhost` }, agent: false }, async (answer) =>
      resolve({ status: answer.statusCode ?? 0, body: await text(answer) }),
    );
    asked.once("error", reject);
    asked.end(body);
  });
}
