import { rm } from "node:fs/promises";
import { type Connection, db } from "@/db/client";
import { env } from "@/lib/core/env";
import { bareRepositoryDir, ensureBareRepository, isBareRepository } from "@/lib/git/bare";
import { isOnBranch } from "@/lib/git/commit-file";
import { commitFolder } from "@/lib/git/commit-folder";
import { moveBranch } from "@/lib/git/trees";
import { branchMoved } from "../branch-moved";
import type { OpenWork, RepositoryAt, RepositoryProvider } from "../provider";
import { closePullRequests, openPullRequests } from "../pull-requests/read";
import { announceOnce } from "../pushes";
import { settlePushes } from "../settle";

/** Addresses of a repository on our own git server. */
export function ownAddresses(owner: string, name: string): { cloneUrl: string; webUrl: string } {
  return { cloneUrl: `${env().url}/git/${owner}/${name}.git`, webUrl: `${env().url}/repositories/${owner}/${name}` };
}

/** Our own git server. The folder is named by id, and the id belongs to one run, so whatever is there is ours. */
export const waymarkProvider: RepositoryProvider = {
  name: "waymark",
  async ensureRepository(run, spec) {
    await ensureBareRepository(bareRepositoryDir(spec.repositoryId), spec.defaultBranch, run.signal);
    return ownAddresses(spec.owner, spec.name);
  },
  async pushInitial(run, spec, filesDir) {
    const commit = await commitFolder(bareRepositoryDir(spec.repositoryId), filesDir, { branch: spec.defaultBranch, ...spec.commit }, run.signal);
    return { commit };
  },
  async deliver(run, repository, { dir, commit, from }) {
    const branch = repository.defaultBranch;
    const ref = `refs/heads/${branch}`;
    // Who pushed is announced before git is asked; the comparison afterwards records it once, also after a crash in between.
    await run.commit((tx) => announceOnce(tx, { repositoryId: repository.id, ref, before: from, after: commit, pushedBy: run.requestedBy, now: run.now }));
    if (!(await moveBranch(dir, branch, { from, to: commit })) && !(await isOnBranch(dir, commit, branch))) throw branchMoved(repository);
    await settlePushes(repository.id);
    return { title: `Commit ${commit.slice(0, 7)}`, url: `/repositories/${repository.owner}/${repository.name}/commit/${commit}`, isProposal: false };
  },
  async archive(_run, { id }) {
    const isThere = id !== null && (await isBareRepository(bareRepositoryDir(id)));
    return { verified: isThere ? "kept on the git server, pushes are refused" : "its files were already gone" };
  },
  openWork: (repository) => openWork(db(), repository),
  closeWork: (run, repository) =>
    run.commit(async (tx) => {
      const open = await openWork(tx, repository);
      await closePullRequests(tx, repository.id, { endedBy: run.requestedBy, now: run.now });
      return open;
    }),
  async remove(_run, repository) {
    const dir = bareRepositoryDir(repository.id);
    await rm(dir, { recursive: true, force: true });
    if (await isBareRepository(dir)) throw new Error(`${dir} is still there`);
    return { verified: "its files are gone from the git server" };
  },
};

async function openWork(on: Connection, { id, owner, name }: RepositoryAt): Promise<OpenWork> {
  const open = await openPullRequests(on, id);
  return { pullRequests: open.map(({ number, title }) => ({ number, title, url: `/repositories/${owner}/${name}/pulls/${number}` })), webhooks: [] };
}
