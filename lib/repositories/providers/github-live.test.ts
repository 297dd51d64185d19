import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { env, parseEnv } from "@/lib/core/env";
import { newId } from "@/lib/core/id";
import { checkGithub } from "@/lib/github/check";
import { createGithubClient, type GithubClient } from "@/lib/github/client";
import { isGithubFailure } from "@/lib/github/failure";
import { createGithubRepository, findGithubRepository } from "@/lib/github/repositories";
import { anEngineRun } from "@/tests/github/memory-run";
import { useOwnDatabase } from "@/tests/setup/own-database";
import type { Repository } from "../contract";
import { NO_WISHES, type RepositorySpec } from "../provider";
import { commitsBetween, exportCommit, resolveCommit } from "../source";
import { githubProvider } from "./github";

// The scenarios of github.test.ts against a real organisation. Only `npm run test:github-live` sets the variable.
const settings = process.env["WAYMARK_GITHUB_LIVE"] ? (JSON.parse(process.env["WAYMARK_GITHUB_LIVE"]) as Record<string, string>) : null;

describe.skipIf(!settings)("a real GitHub organisation", () => {
  useOwnDatabase();
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "github-live-"));
  const files = path.join(dataDir, "files");
  const stamp = Date.now().toString(36);
  const made: string[] = [];
  let client: GithubClient;

  beforeAll(() => {
    const { github } = parseEnv(settings ?? {});
    if (!github) throw new Error("GITHUB_TOKEN or GITHUB_APP_ID is needed");
    Object.assign(env(), { github, dataDir });
    client = createGithubClient(github);
    mkdirSync(path.join(files, ".github/workflows"), { recursive: true });
    writeFileSync(path.join(files, "README.md"), "# made by a test of Waymark, can be deleted\n");
    writeFileSync(path.join(files, ".github/workflows/ci.yml"), "on: workflow_dispatch\njobs:\n  say:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo hello\n");
  });

  afterAll(async () => {
    for (const name of made) await remove(client, name);
    rmSync(dataDir, { recursive: true, force: true });
  });

  const aSpec = (name: string): RepositorySpec => ({
    repositoryId: newId("repository"),
    owner: client.owner,
    name: `waymark-live-${stamp}-${name}`,
    description: "Made by a test of Waymark",
    defaultBranch: "main",
    mark: `https://waymark.example/runs/run_live_${stamp}_${name}`,
    visibility: "private",
    topics: ["waymark-test"],
    cloneUrl: "",
    wishes: NO_WISHES,
    team: "waymark-no-such-team",
    commit: { author: { name: "Ada", email: "ada@example.com" }, message: "First commit", at: new Date("2026-03-01T10:00:00Z") },
  });

  it("accepts the connection", async () => {
    expect(await checkGithub(client)).toMatchObject({ problem: null, identity: expect.any(String) });
  });

  it("makes a repository, and the same again changes nothing; what is there can be read", async () => {
    const spec = aSpec("whole");
    made.push(spec.name);
    const first = anEngineRun();
    const { cloneUrl } = await githubProvider.ensureRepository(first, spec);
    const { commit } = await githubProvider.pushInitial(first, spec, files);
    await githubProvider.settings?.(first, spec);
    const again = anEngineRun();
    await githubProvider.ensureRepository(again, spec);
    expect(await githubProvider.pushInitial(again, spec, files)).toEqual({ commit });
    await githubProvider.settings?.(again, spec);
    expect(await findGithubRepository(client, client.owner, spec.name)).toMatchObject({ isPrivate: true, homepage: spec.mark, topics: ["waymark-test"], defaultBranch: "main" });
    const repository = { id: spec.repositoryId, owner: client.owner, name: spec.name, provider: "github", defaultBranch: "main", cloneUrl } as Repository;
    expect(await resolveCommit(repository, "main")).toBe(commit);
    const out = path.join(dataDir, "out");
    mkdirSync(out);
    await exportCommit(repository, commit, out, new AbortController().signal);
    expect(readFileSync(path.join(out, "README.md"), "utf8")).toContain("made by a test");
    expect((await commitsBetween(repository, null, commit)).map(({ sha }) => sha)).toEqual([commit]);
    expect(await githubProvider.archive(anEngineRun(), { id: spec.repositoryId, owner: client.owner, name: spec.name })).toEqual({ verified: "GitHub shows it as archived" });
  });

  it("leaves a stranger's repository alone", async () => {
    const spec = aSpec("foreign");
    made.push(spec.name);
    await createGithubRepository(client, { owner: client.owner, name: spec.name, description: "", homepage: "https://example.com", isPrivate: true });
    await expect(githubProvider.ensureRepository(anEngineRun(), spec)).rejects.toMatchObject({ outcome: { causeCode: "name-taken" } });
    expect(await findGithubRepository(client, client.owner, spec.name)).toMatchObject({ homepage: "https://example.com" });
  });
});

/** Deletes what a test made; a token that may not delete leaves it archived, and says so. */
async function remove(client: GithubClient, name: string): Promise<void> {
  try {
    await client.call(`delete ${name}`, (rest) => rest.repos.delete({ owner: client.owner, repo: name }));
  } catch (error) {
    if (!isGithubFailure(error)) throw error;
    process.stdout.write(`${client.owner}/${name} is left: ${error.message} Delete it by hand.\n`);
  }
}
