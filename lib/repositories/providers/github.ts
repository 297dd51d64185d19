import { setTimeout as wait } from "node:timers/promises";
import { db } from "@/db/client";
import { env } from "@/lib/core/env";
import { commitFolder } from "@/lib/git/commit-folder";
import { requireRights } from "@/lib/github/check";
import type { GithubClient } from "@/lib/github/client";
import { GithubFailure, isGithubFailure } from "@/lib/github/failure";
import { fetchBranch, pushCommit, remoteTip } from "@/lib/github/git";
import { closeGithubPullRequest, ensurePullRequest, listOpenPullRequests } from "@/lib/github/pull-requests";
import {
  archiveGithubRepository,
  createGithubRepository,
  findGithubRepository,
  type GithubRepository,
  githubTopics,
  letTeamPush,
  protectDefaultBranch,
  setDefaultBranch,
  setTopics,
} from "@/lib/github/repositories";
import { setSecret } from "@/lib/github/repository-secrets";
import { deleteWebhook, ensureRepositoryVariable, listWebhooks } from "@/lib/github/repository-settings";
import { githubClient } from "@/lib/platform/queries";
import { type EngineRun, StepFailure } from "@/lib/runs/engine/types";
import type { OpenWork, RepositoryAt, RepositoryProvider, RepositorySpec } from "../provider";
import { ensureStage, holdsCommit, removeCopies } from "./mirror";

// GitHub. The mark (the run's address as the homepage) is written by the request that creates the repository, so at every
// instant a repository of the wanted name is either absent, ours, or a stranger's that is left alone.

const NOT_PROTECTED = { plan: "the organisation's plan does not include rules for private repositories", server: "this server does not know rulesets" };
const CREATE_TRIES = 3;
/** A new repository can take some seconds to be seen everywhere. */
const SETTLE_MS = [300, 600, 1_200, 2_400, 4_800];

export const githubProvider: RepositoryProvider = {
  name: "github",

  ensureRepository: (run, spec) =>
    explained(async (client) => {
      run.log(`Looking for ${spec.owner}/${spec.name} on ${client.webUrl}`);
      const { cloneUrl, webUrl } = (await findOurs(client, spec)) ?? (await create(run, client, spec));
      return { cloneUrl, webUrl };
    }),

  pushInitial: (run, spec, filesDir) =>
    explained(async (client) => {
      const { cloneUrl } = await settled(run, () => requireOurs(client, spec));
      const dir = await ensureStage(spec.repositoryId, spec.defaultBranch, run.signal);
      const commit = await commitFolder(dir, filesDir, { branch: spec.defaultBranch, ...spec.commit }, run.signal);
      run.mask(await client.gitToken());
      await settled(run, () => ensurePushed(run, client, { dir, cloneUrl, signal: run.signal }, commit, spec.defaultBranch));
      await removeCopies(spec.repositoryId);
      return { commit };
    }),

  settings: (run, spec) =>
    explained(async (client) => {
      const repository = await requireOurs(client, spec);
      await setDefaultBranch(client, repository, spec.defaultBranch);
      await setTopics(client, repository, spec.topics);
      if (githubTopics(spec.topics).length < spec.topics.length) run.log("Some topics could not be kept: GitHub takes lower case letters, digits and hyphens.", "warn");
      if (!(await letTeamPush(client, repository, spec.team))) run.log(`${spec.owner} has no team ${spec.team} on GitHub: give its people access by hand.`, "warn");
      const protection = await protectDefaultBranch(client, repository);
      if (protection !== "done") run.log(`The default branch is not protected: ${NOT_PROTECTED[protection]}.`, "warn");
      const at = { owner: repository.owner, repo: repository.name };
      for (const { key: name, value } of spec.wishes.variables) await ensureRepositoryVariable(client, at, { name, value });
      for (const [name, value] of Object.entries(spec.wishes.secrets)) {
        run.mask(value);
        await setSecret(client, at, { name, value });
      }
      run.log("Settings are in place");
    }),

  deliver: (run, repository, { dir, commit, title, body }) =>
    explained(async (client) => {
      run.mask(await client.gitToken());
      const branch = `waymark/edit-${commit.slice(0, 12)}`;
      await ensurePushed(run, client, { dir, cloneUrl: repository.cloneUrl, signal: run.signal }, commit, branch);
      const { owner, name, defaultBranch: base } = repository;
      const { number, url } = await ensurePullRequest(client, { owner, name, branch, base, title, body, isDraft: false });
      return { title: `Pull request #${number}`, url, isProposal: true };
    }),

  archive: (_run, { id, owner, name }) =>
    explained(async (client) => {
      const repository = await findGithubRepository(client, owner, name);
      if (!repository) return { verified: "it was already gone from GitHub" };
      if (!repository.isArchived) await archiveGithubRepository(client, repository);
      const after = await findGithubRepository(client, owner, name);
      if (after && !after.isArchived) throw unexpected(`GitHub still shows ${owner}/${name} as writable.`);
      if (id) await removeCopies(id);
      return { verified: "GitHub shows it as archived" };
    }),

  openWork: (repository) => explained((client) => openWork(client, repository)),

  closeWork: (_run, repository) =>
    explained(async (client) => {
      const open = await openWork(client, repository);
      for (const { number } of open.pullRequests) await closeGithubPullRequest(client, repository, number);
      for (const { id } of open.webhooks) await deleteWebhook(client, { owner: repository.owner, repo: repository.name }, id);
      return open;
    }),
};

/** What is open there; nothing for a repository that is gone or archived, which takes no changes. */
async function openWork(client: GithubClient, { owner, name }: RepositoryAt): Promise<OpenWork> {
  const repository = await findGithubRepository(client, owner, name);
  if (!repository || repository.isArchived) return { pullRequests: [], webhooks: [] };
  // A connection without rights on webhooks sees none: events of an archived repository end by themselves.
  const ownHooks = listWebhooks(client, { owner, repo: name }).catch((error: unknown) => {
    if (isGithubFailure(error, "missing-permission", "not-found")) return [];
    throw error;
  });
  const [pullRequests, hooks] = await Promise.all([listOpenPullRequests(client, { owner, name }), ownHooks]);
  return { pullRequests, webhooks: hooks.filter(({ url }) => url.startsWith(`${env().url}/`)) };
}

async function explained<T>(work: (client: GithubClient) => Promise<T>): Promise<T> {
  const client = await githubClient(db());
  if (!client) {
    const cause = "GitHub is not connected.";
    throw new StepFailure({ causeCode: "github-not-connected", cause, whoCanFix: "platform-team", nextAction: "Connect GitHub on Integrations, then retry." });
  }
  try {
    return await work(client);
  } catch (error) {
    if (error instanceof GithubFailure) throw new StepFailure(error.outcome, { cause: error });
    throw error;
  }
}

/** The repository that this run made, or null where the name is free. Throws `name-taken` for a stranger's. */
async function findOurs(client: GithubClient, spec: RepositorySpec): Promise<GithubRepository | null> {
  const found = await findGithubRepository(client, spec.owner, spec.name);
  if (!found || found.homepage === spec.mark) return found;
  throw new GithubFailure({
    problem: "name-taken",
    cause: `${spec.owner} has a repository ${spec.name} on GitHub already. It was not made by this run and is left alone.`,
    whoCanFix: "you",
    nextAction: "Choose another name and start again.",
    evidence: [{ title: `${spec.owner}/${spec.name}`, url: found.webUrl }],
  });
}

async function requireOurs(client: GithubClient, spec: RepositorySpec): Promise<GithubRepository> {
  const found = await findOurs(client, spec);
  if (found) return found;
  throw new GithubFailure({
    problem: "not-found",
    cause: `GitHub does not show ${spec.owner}/${spec.name}, which this run made.`,
    whoCanFix: "platform-team",
    nextAction: "Check that the App is installed for all repositories, then retry.",
  });
}

/** Creates; an answer that was lost, or a name that turns out taken, is looked up before anything is tried again. */
async function create(run: EngineRun, client: GithubClient, spec: RepositorySpec): Promise<GithubRepository> {
  await requireRights(client);
  if (spec.visibility === "internal") run.log("Made private: internal repositories belong to GitHub Enterprise and are set there.", "warn");
  for (let attempt = 1; ; attempt += 1) {
    run.signal.throwIfAborted();
    try {
      const { owner, name, description, mark: homepage } = spec;
      const made = await createGithubRepository(client, { owner, name, description, homepage, isPrivate: spec.visibility !== "public" });
      run.log(`Created ${made.owner}/${made.name}`);
      return made;
    } catch (error) {
      if (!isGithubFailure(error) || !(error.mayHaveHappened || error.problem === "name-taken")) throw error;
      const found = await findOurs(client, spec);
      if (found) {
        run.log(`Created ${found.owner}/${found.name}; the answer was lost and looked up`);
        return found;
      }
      if (attempt >= CREATE_TRIES) throw error;
    }
  }
}

/** Repeats while a new repository is not seen yet. */
async function settled<T>(run: EngineRun, work: () => Promise<T>): Promise<T> {
  for (const pause of SETTLE_MS) {
    try {
      return await work();
    } catch (error) {
      if (!isGithubFailure(error, "not-found")) throw error;
      run.log("GitHub does not show the new repository yet; looking again");
      await wait(pause, undefined, { signal: run.signal });
    }
  }
  return work();
}

type Place = { dir: string; cloneUrl: string; signal: AbortSignal };

async function ensurePushed(run: EngineRun, client: GithubClient, place: Place, commit: string, branch: string): Promise<void> {
  if (await isPushed(client, place, commit, branch)) return run.log(`${branch} is already at GitHub`);
  try {
    await pushCommit(client, place, commit, branch);
  } catch (error) {
    if (!isGithubFailure(error) || !error.mayHaveHappened || !(await isPushed(client, place, commit, branch))) throw error;
  }
  run.log(`Pushed ${commit.slice(0, 7)} to ${branch}`);
}

/** True if the branch holds our commit, also below newer ones. Throws `conflict` for a branch of other origin. */
async function isPushed(client: GithubClient, place: Place, commit: string, branch: string): Promise<boolean> {
  const tip = await remoteTip(client, place, branch);
  if (tip === null || tip === commit) return tip === commit;
  await fetchBranch(client, place, branch);
  if (await holdsCommit(place.dir, tip, commit)) return true;
  throw new GithubFailure({
    problem: "conflict",
    cause: `The branch ${branch} of the new repository has commits that this run did not make.`,
    whoCanFix: "you",
    nextAction: "Look at the repository on GitHub. Delete it there if it is not needed, then retry.",
    evidence: [{ title: "Repository", url: place.cloneUrl }],
  });
}

function unexpected(cause: string): GithubFailure {
  return new GithubFailure({ problem: "unavailable", cause, whoCanFix: "provider", nextAction: "Retry in a minute." });
}
