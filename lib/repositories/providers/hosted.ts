import { setTimeout as wait } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { repositories } from "@/db/schema";
import { commitFolder } from "@/lib/git/commit-folder";
import type { RemoteBranches, Transfer } from "@/lib/git/remote-with-token";
import { hostAdapter } from "@/lib/hosts";
import type { HostAdapter, HostPlace, HostRepository } from "@/lib/hosts/adapter";
import type { HostClient, HostConnection } from "@/lib/hosts/client";
import { HOST_WORDS, type HostKind } from "@/lib/hosts/contract";
import { HostFailure, isHostFailure } from "@/lib/hosts/failure";
import { hostBranches } from "@/lib/hosts/git";
import { hostConnection } from "@/lib/platform/queries";
import { type EngineRun, StepFailure } from "@/lib/runs/engine/types";
import { ensureHostChange } from "../host-changes";
import type { OpenWork, RepositoryProvider, RepositorySpec } from "../provider";
import { findRepositoryRow } from "../read";
import { noteIsFree } from "../reserve";
import { ensureStage, holdsCommit, removeCopies } from "./mirror";

// GitLab, Gitea, Bitbucket and Azure DevOps, all in the same order: look, create empty, push, settings. What this run made is known
// by its address in the description, which the request to create carries; where a host keeps no description, by a note in our own
// row that the name was free, together with a repository that is still empty.

const CREATE_TRIES = 3;
/** A new repository can take some seconds to be seen everywhere. */
const SETTLE_MS = [300, 600, 1_200, 2_400];

export interface Host {
  kind: HostKind;
  title: string;
  adapter: HostAdapter;
  client: HostClient;
  connection: HostConnection;
}

/** The provider for a kind of host. */
export function hostedProvider(kind: HostKind): RepositoryProvider {
  return {
    name: kind,

    ensureRepository: (run, spec) =>
      onHost(kind, async (host) => {
        const place = placeFor(host, spec);
        run.log(`Looking for ${place.owner}/${place.name} on ${host.connection.url}`);
        const made = (await findOurs(host, place, spec, { isNew: true })) ?? (await create(run, host, place, spec));
        const { adapter } = host;
        return { cloneUrl: made.cloneUrl, webUrl: made.webUrl, contentsUrl: adapter.contentsUrl(made.webUrl, spec.defaultBranch), outputs: outputsOf(kind, made.id) };
      }),

    pushInitial: (run, spec, filesDir) =>
      onHost(kind, async (host) => {
        const { cloneUrl } = await settled(run, () => requireOurs(host, spec));
        const dir = await ensureStage(spec.repositoryId, spec.defaultBranch, run.signal);
        const commit = await commitFolder(dir, filesDir, { branch: spec.defaultBranch, ...spec.commit }, run.signal);
        run.mask(host.connection.token);
        await settled(run, () => ensurePushed(run, host, { dir, cloneUrl, signal: run.signal }, commit, spec.defaultBranch));
        await removeCopies(spec.repositoryId);
        return { commit };
      }),

    settings: (run, spec) =>
      onHost(kind, async (host) => {
        const { branches, variables } = spec.wishes;
        for (const { value, masked, masked_and_hidden: hidden } of variables) if (masked || hidden) run.mask(value);
        const repository = await requireOurs(host, spec);
        const left = await host.adapter.configure(host.client, placeFor(host, spec), repository, { defaultBranch: spec.defaultBranch, topics: spec.topics, branches, variables });
        for (const words of left) run.log(words, "warn");
        run.log("Settings are in place");
      }),

    deliver: (run, repository, { dir, commit, title, body }) =>
      onHost(kind, async (host) => {
        run.mask(host.connection.token);
        const branch = `waymark/edit-${commit.slice(0, 12)}`;
        await ensurePushed(run, host, { dir, cloneUrl: repository.cloneUrl, signal: run.signal }, commit, branch);
        const made = await ensureHostChange(host, placeAt(host, repository.cloneUrl), { branch, base: repository.defaultBranch, title, body, isDraft: false });
        return { title: `${CHANGE[kind]}${made.number}`, url: made.url, isProposal: true };
      }),

    archive: (_run, { id, owner, name }) =>
      onHost(kind, async (host) => {
        const place = await rowPlace(host, { owner, name });
        const repository = await host.adapter.find(host.client, place);
        if (!repository) return { verified: `it was already gone from ${host.title}` };
        if (!repository.isArchived && !(await host.adapter.archive(host.client, place, repository)))
          return { verified: `kept: ${host.title} cannot make a repository read-only, so it takes pushes there` };
        const after = await host.adapter.find(host.client, place);
        if (after && !after.isArchived) throw unexpected(host, `${host.title} still shows ${place.owner}/${place.name} as writable.`);
        if (id) await removeCopies(id);
        return { verified: `${host.title} shows it as archived` };
      }),

    openWork: (repository) => onHost(kind, async (host) => openWork(host, await rowPlace(host, repository))),

    closeWork: (_run, repository) =>
      onHost(kind, async (host) => {
        const place = await rowPlace(host, repository);
        const open = await openWork(host, place);
        for (const { number } of open.pullRequests) await host.adapter.closeChange(host.client, place, number);
        return open;
      }),
  };
}

const CHANGE: Record<HostKind, string> = { gitlab: "Merge request !", gitea: "Pull request #", bitbucket: "Pull request #", azure: "Pull request " };

/** What Backstage's action for this host gives beside the addresses. */
function outputsOf(kind: HostKind, id: string): Record<string, string | number | boolean> {
  if (kind === "gitlab") return { projectId: Number(id), created: true };
  return kind === "azure" ? { repositoryId: id } : {};
}

/** Does the work with the connected host. Throws StepFailure where it is not connected, or refuses. */
export async function onHost<T>(kind: HostKind, work: (host: Host) => Promise<T>): Promise<T> {
  const { title } = HOST_WORDS[kind];
  const connection = await hostConnection(db(), kind);
  if (!connection) {
    const cause = `${title} is not connected.`;
    throw new StepFailure({ causeCode: "host-not-connected", cause, whoCanFix: "platform-team", nextAction: `Connect ${title} on Integrations, then retry.` });
  }
  const adapter = hostAdapter(kind);
  try {
    return await work({ kind, title, adapter, connection, client: adapter.client(connection) });
  } catch (error) {
    if (error instanceof HostFailure) throw new StepFailure(error.outcome, { cause: error });
    throw error;
  }
}

/** The place that a clone address stands for. Throws `invalid` for one that is not below the connected address. */
export function placeAt({ adapter, connection, title }: Host, cloneUrl: string): HostPlace {
  const place = adapter.placeOf(connection.url, cloneUrl);
  if (place) return place;
  const cause = `${cloneUrl} is not at ${connection.url}, which this Waymark is connected to. The token goes nowhere else.`;
  throw new HostFailure({ problem: "invalid", cause, whoCanFix: "platform-team", nextAction: `Check the address of ${title} on Integrations, then retry.` });
}

/** The same while it is made, when a project may have to be named. */
function placeFor(host: Host, spec: RepositorySpec): HostPlace {
  const place = placeAt(host, spec.cloneUrl);
  if (host.kind !== "bitbucket") return place;
  const [workspace, usual] = host.connection.owner.split("/");
  const project = spec.wishes.project ?? (workspace === place.owner ? usual : undefined);
  return project ? { ...place, owner: `${place.owner}/${project}` } : place;
}

async function rowPlace(host: Host, { owner, name }: { owner: string; name: string }): Promise<HostPlace> {
  const row = await findRepositoryRow(db(), { owner, name });
  return row?.provider === host.kind ? placeAt(host, row.cloneUrl) : { owner, name };
}

/** The repository that this run made, or null where the name is free. Throws `name-taken` for a stranger's. */
async function findOurs(host: Host, place: HostPlace, spec: RepositorySpec, { isNew }: { isNew: boolean }): Promise<HostRepository | null> {
  const found = await host.adapter.find(host.client, place);
  if (!found) return null;
  if (host.adapter.keepsDescription ? found.description?.includes(spec.mark) : (await wasFree(spec)) && !(isNew && found.defaultBranch !== null)) return found;
  throw nameTaken(host, place, found.webUrl);
}

function nameTaken({ title }: Host, { owner, name }: HostPlace, url: string): HostFailure {
  return new HostFailure({
    problem: "name-taken",
    cause: `${owner} has a repository ${name} on ${title} already. It was not made by this run and is left alone.`,
    whoCanFix: "you",
    nextAction: "Choose another name and start again.",
    evidence: [{ title: `${owner}/${name}`, url }],
  });
}

async function wasFree({ repositoryId }: RepositorySpec): Promise<boolean> {
  const [row] = await db().select({ webUrl: repositories.webUrl }).from(repositories).where(eq(repositories.id, repositoryId));
  return Boolean(row?.webUrl);
}

async function requireOurs(host: Host, spec: RepositorySpec): Promise<HostRepository> {
  const place = placeFor(host, spec);
  const found = await findOurs(host, place, spec, { isNew: false });
  if (found) return found;
  throw new HostFailure({
    problem: "not-found",
    cause: `${host.title} does not show ${place.owner}/${place.name}, which this run made.`,
    whoCanFix: "platform-team",
    nextAction: "Check that the token may see it, then retry.",
  });
}

/** Creates; an answer that was lost, or a name that turns out taken, is looked up before anything is tried again. */
async function create(run: EngineRun, host: Host, place: HostPlace, spec: RepositorySpec): Promise<HostRepository> {
  const { adapter, client } = host;
  if (spec.visibility === "internal" && host.kind !== "gitlab") run.log(`Made private: ${host.title} has no internal repositories.`, "warn");
  if (host.kind === "azure") run.log("Who sees it follows from the project: repositories of Azure DevOps have no visibility of their own.");
  await run.commit((tx) => noteIsFree(tx, spec.repositoryId, spec.cloneUrl));
  const description = `${spec.description ? `${spec.description.trim()}\n\n` : ""}Made by ${spec.mark}`;
  for (let attempt = 1; ; attempt += 1) {
    run.signal.throwIfAborted();
    try {
      const made = await adapter.create(client, place, { description, visibility: spec.visibility, topics: spec.topics, settings: spec.wishes.settings });
      run.log(`Created ${place.owner}/${place.name}`);
      return made;
    } catch (error) {
      if (!isHostFailure(error) || !(error.mayHaveHappened || isNameTaken(error))) throw error;
      // Without marks a name that is refused at the first attempt was taken in between by somebody else.
      if (!adapter.keepsDescription && isNameTaken(error) && attempt === 1) throw nameTaken(host, place, spec.cloneUrl);
      const found = await findOurs(host, place, spec, { isNew: true });
      if (found) {
        run.log(`Created ${place.owner}/${place.name}; the answer was lost and looked up`);
        return found;
      }
      if (attempt >= CREATE_TRIES || isNameTaken(error)) throw error;
    }
  }
}

/** 409, or 400 and 422 with words about it: the four hosts do not agree on a status. */
const isNameTaken = ({ problem, message }: HostFailure) => problem === "conflict" || (problem === "invalid" && /taken|exist|already/i.test(message));

/** Repeats while a new repository is not seen yet. */
async function settled<T>(run: EngineRun, work: () => Promise<T>): Promise<T> {
  for (const pause of SETTLE_MS) {
    try {
      return await work();
    } catch (error) {
      if (!isHostFailure(error, "not-found")) throw error;
      run.log("The new repository is not shown yet; looking again");
      await wait(pause, undefined, { signal: run.signal });
    }
  }
  return work();
}

async function ensurePushed(run: EngineRun, host: Host, at: Transfer, commit: string, branch: string): Promise<void> {
  const remote = hostBranches(host.connection, at);
  const isThere = () => isPushed(host, remote, at, commit, branch);
  if (await isThere()) return run.log(`${branch} is already at ${host.title}`);
  try {
    await remote.push(commit, branch);
  } catch (error) {
    if (!isHostFailure(error) || !error.mayHaveHappened || !(await isThere())) throw error;
  }
  run.log(`Pushed ${commit.slice(0, 7)} to ${branch}`);
}

/** True if the branch holds our commit, also below newer ones. Throws `conflict` for a branch of other origin. */
async function isPushed(host: Host, remote: RemoteBranches, at: Transfer, commit: string, branch: string): Promise<boolean> {
  const tip = await remote.tip(branch);
  if (tip === null || tip === commit) return tip === commit;
  await remote.fetchBranch(branch);
  if (await holdsCommit(at.dir, tip, commit)) return true;
  throw new HostFailure({
    problem: "conflict",
    cause: `The branch ${branch} of the repository has commits that this run did not make.`,
    whoCanFix: "you",
    nextAction: `Look at the repository on ${host.title}. Delete it there if it is not needed, then retry.`,
    evidence: [{ title: "Repository", url: at.cloneUrl }],
  });
}

async function openWork({ adapter, client }: Host, place: HostPlace): Promise<OpenWork> {
  const repository = await adapter.find(client, place);
  if (!repository || repository.isArchived) return { pullRequests: [], webhooks: [] };
  const changes = await adapter.listChanges(client, place);
  return { pullRequests: changes.map(({ number, title, url }) => ({ number, title, url })), webhooks: [] };
}

function unexpected({ title }: Host, cause: string): HostFailure {
  return new HostFailure({ problem: "unavailable", cause, whoCanFix: "provider", nextAction: `Retry in a minute; look at ${title} if it stays so.` });
}
