import { readdir, rm, stat, utimes } from "node:fs/promises";
import path from "node:path";
import { db } from "@/db/client";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { isDomainError } from "@/lib/core/errors";
import { pinnedAddress } from "@/lib/core/safe-fetch";
import { sha256 } from "@/lib/core/secrets";
import { ensureBareRepository } from "@/lib/git/bare";
import { fetchHistory } from "@/lib/git/remote";
import { GitFailure } from "@/lib/git/run";
import { isGithubFailure } from "@/lib/github/failure";
import { fetchAll } from "@/lib/github/git";
import { githubClient } from "@/lib/platform/queries";
import { findRepository } from "@/lib/repositories/queries";
import { historyDir } from "@/lib/repositories/source";
import { StepFailure } from "@/lib/runs/engine/types";
import type { LoadHistoryInput } from "./contract";

// Copies of repositories elsewhere stay for a day: a look beforehand and the loading after it fetch once, a repeat only what is new.

const KEPT_MS = 86_400_000;
const root = () => path.join(env().dataDir, "history");
export const ownerAndName = (repository: string) => ({ owner: repository.slice(0, repository.lastIndexOf("/")), name: repository.slice(repository.lastIndexOf("/") + 1) });

/** The bare repository on this machine that holds the whole history now. Throws StepFailure. */
export async function openPlace({ source, address = "", repository = "" }: LoadHistoryInput, signal: AbortSignal): Promise<string> {
  const at = ownerAndName(repository);
  if (source === "known") {
    const found = await findRepository(db(), at);
    if (!found) throw failure("repository-gone", `There is no repository ${repository} any more.`, "you", "Name another one.");
    return explained(repository, () => historyDir(found));
  }
  if (source === "github") {
    const client = await githubClient(db());
    if (!client) throw failure("github-off", "GitHub is not connected.", "platform-team", "Connect it under Integrations, then retry.");
    const cloneUrl = `${client.webUrl}/${repository}.git`;
    return copyOf(cloneUrl, (dir) => explained(repository, () => fetchAll(client, { dir, cloneUrl, signal })));
  }
  return copyOf(address, (dir) => explained(address, async () => fetchHistory({ url: address, address: await pinnedAddress(address), signal }, dir)));
}

async function copyOf(url: string, fetch: (dir: string) => Promise<void>): Promise<string> {
  const dir = path.join(root(), `${sha256(url).slice(0, 24)}.git`);
  await ensureBareRepository(dir, "main");
  await fetch(dir);
  const now = await databaseNow();
  await utimes(dir, now, now);
  return dir;
}

/** Removes copies that nobody has read for a day. */
export async function forgetOldCopies(now: Date): Promise<void> {
  for (const name of await readdir(root()).catch(() => [])) {
    const dir = path.join(root(), name);
    const used = await stat(dir).catch(() => null);
    if (used && now.getTime() - used.mtimeMs > KEPT_MS) await rm(dir, { recursive: true, force: true });
  }
}

function failure(causeCode: string, cause: string, whoCanFix: "you" | "platform-team" | "provider", nextAction: string, options?: { cause: unknown }): StepFailure {
  return new StepFailure({ causeCode, cause, whoCanFix, nextAction }, options);
}

const PRIVATE = /Authentication failed|could not read (Username|Password)|error: 40[13]|not found|error: 404/i;

async function explained<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isGithubFailure(error)) throw new StepFailure(error.outcome, { cause: error });
    if (isDomainError(error)) {
      const whoCanFix = error.code === "invalid" ? "you" : "provider";
      throw failure(error.code === "invalid" ? "address-refused" : "unreachable", error.message, whoCanFix, "Check the address, then retry.", { cause: error });
    }
    if (!(error instanceof GitFailure)) throw error;
    if (PRIVATE.test(error.stderr))
      throw failure("not-public", `${name} is not there, or it is not public.`, "you", "Check the address with git clone. What is private can be pushed to a repository here.", {
        cause: error,
      });
    throw failure(
      "git-failed",
      `git could not read ${name}: ${(error.stderr.trim().split("\n").at(-1) ?? "").slice(0, 200)}`,
      "provider",
      "Retry later; what was fetched is kept.",
      { cause: error },
    );
  }
}
