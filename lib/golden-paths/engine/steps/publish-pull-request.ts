import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import { ensureBareRepository } from "@/lib/git/bare";
import { commitFolder } from "@/lib/git/commit-folder";
import { gitText } from "@/lib/git/run";
import type { GithubClient } from "@/lib/github/client";
import { fetchBranch, pushCommit, remoteTip } from "@/lib/github/git";
import { askForReview, ensurePullRequest } from "@/lib/github/pull-requests";
import { findGithubRepository } from "@/lib/github/repositories";
import { safeChildPath, safeSegments } from "../safe-path";
import type { StepArgs } from "../step-action";
import { githubAction, OnRepository, type RepositoryAt } from "./on-github";

const text = z.string("expected text");
const names = z.array(text, "expected a list of names").default([]);
const branch = text.regex(/^(?!.*(\.\.|\/\/|@\{|\.lock$))[A-Za-z0-9][\w./-]{0,199}$/, "expected a branch name such as add-docs");

const Input = OnRepository.extend({
  branchName: branch,
  targetBranchName: branch.optional(),
  title: text.min(1, "expected a title").max(256),
  description: text.default(""),
  draft: z.boolean("expected true or false").default(false),
  sourcePath: text.optional(),
  targetPath: text.optional(),
  filesToDelete: z.array(text, "expected a list of paths").default([]),
  commitMessage: text.max(5_000).optional(),
  update: z.boolean("expected true or false").default(false),
  createWhenEmpty: z.boolean("expected true or false").default(true),
  gitAuthorName: text.max(200).optional(),
  gitAuthorEmail: text.max(200).optional(),
  reviewers: names,
  teamReviewers: names,
  assignees: names,
});
type Input = z.output<typeof Input>;

/** The workspace as a pull request: one commit on a branch of its own. A branch of that name with other people's commits is left alone. */
export const publishPullRequest = githubAction({
  id: "publish:github:pull-request",
  ignored: { forceFork: "the branch is made in the repository itself", forceEmptyGitAuthor: "commits name the person who runs it, or gitAuthorName" },
  input: Input,
  calls: ({ branchName, title, targetBranchName = "the default branch" }, { owner, repo }) => [
    { call: `git push ${owner}/${repo} ${branchName}`, detail: "One commit with the files of the workspace." },
    { call: `POST /repos/${owner}/${repo}/pulls`, detail: `Pull request “${title}” into ${targetBranchName}.` },
  ],
  example: ({ targetBranchName = "main" }, { owner, repo }) => ({ remoteUrl: `https://github.com/${owner}/${repo}/pull/1`, pullRequestNumber: 1, targetBranchName }),
  run: async (args, client, { owner, repo }) => {
    const repository = await findGithubRepository(client, owner, repo);
    if (!repository) throw new DomainError("invalid", `GitHub has no repository ${owner}/${repo}, or the connection may not see it. Check repoUrl.`);
    const base = args.input.targetBranchName ?? repository.defaultBranch;
    const isPushed = await pushBranch(args, client, { cloneUrl: repository.cloneUrl, base, at: { owner, repo } });
    if (!isPushed) {
      args.log("The files are the same as in the repository, so no pull request was opened.");
      return { targetBranchName: base };
    }
    const { title, description, branchName, draft: isDraft, reviewers, teamReviewers, assignees } = args.input;
    const made = await ensurePullRequest(client, { owner, name: repo, branch: branchName, base, title, body: description, isDraft });
    for (const refused of await askForReview(client, { owner, name: repo, number: made.number }, { reviewers, teamReviewers, assignees })) args.log(refused, "warn");
    args.log(`Pull request ${made.url}`);
    return { remoteUrl: made.url, pullRequestNumber: made.number, targetBranchName: base };
  },
});

interface Target {
  cloneUrl: string;
  base: string;
  at: RepositoryAt;
}

/** False where there is nothing to commit and none is wanted. */
async function pushBranch(args: StepArgs<Input>, client: GithubClient, { cloneUrl, base, at }: Target): Promise<boolean> {
  const { input, workspace, signal, context, attempt } = args;
  const dir = await mkdtemp(path.join(tmpdir(), "waymark-pull-request-"));
  try {
    const transfer = { dir: path.join(dir, "repo.git"), cloneUrl, signal };
    await ensureBareRepository(transfer.dir, base, signal);
    const mark = `Waymark-Run: ${attempt?.mark ?? context.runId}`;
    const tip = await remoteTip(client, transfer, input.branchName);
    if (tip) {
      await fetchBranch(client, transfer, input.branchName);
      const message = await gitText(["log", "-1", "--format=%B", "--end-of-options", tip], { dir: transfer.dir, signal });
      if (message.includes(mark)) return true;
      if (!input.update)
        throw new DomainError("conflict", `${at.owner}/${at.repo} has a branch ${input.branchName} already. Choose another branchName, or set update: true to add a commit to it.`);
    } else await fetchBranch(client, transfer, base);
    const from = tip ?? (await remoteTip(client, transfer, base)) ?? "";
    const below = safeSegments(input.targetPath ?? "").join("/");
    const folder = safeChildPath(workspace.root, input.sourcePath ?? "");
    const commit = await commitFolder(
      transfer.dir,
      folder,
      {
        branch: input.branchName,
        author: { name: input.gitAuthorName ?? context.user.name, email: input.gitAuthorEmail ?? context.user.email ?? "waymark@localhost" },
        message: `${input.commitMessage ?? input.title}\n\n${mark}`,
        at: attempt?.since ?? new Date(0),
        onto: { commit: from, below, without: input.filesToDelete.map((file) => safeSegments(file).join("/")) },
      },
      signal,
    );
    const isSame = (await treeOf(transfer.dir, commit, signal)) === (await treeOf(transfer.dir, from, signal));
    if (isSame && !input.createWhenEmpty) return false;
    await pushCommit(client, transfer, commit, input.branchName);
    return true;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function treeOf(dir: string, commit: string, signal: AbortSignal): Promise<string> {
  return (await gitText(["rev-parse", "--verify", "--end-of-options", `${commit}^{tree}`], { dir, signal })).trim();
}
