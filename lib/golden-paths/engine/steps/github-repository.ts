import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import { ensureBareRepository } from "@/lib/git/bare";
import { commitFolder } from "@/lib/git/commit-folder";
import type { GithubClient } from "@/lib/github/client";
import { isGithubFailure } from "@/lib/github/failure";
import { pushCommit, remoteTip } from "@/lib/github/git";
import { createGithubRepository, findGithubRepository, type GithubRepository, letTeamPush, setTopics } from "@/lib/github/repositories";
import { setSecret } from "@/lib/github/repository-secrets";
import { ensureRepositoryVariable } from "@/lib/github/repository-settings";
import { safeChildPath } from "../safe-path";
import { SecretName } from "./github-settings";
import { githubAction, OnRepository, type RepositoryAt } from "./on-github";

const text = z.string("expected text");
const addresses = ({ cloneUrl, webUrl }: Pick<GithubRepository, "cloneUrl" | "webUrl">, branch: string) => ({ remoteUrl: cloneUrl, repoContentsUrl: `${webUrl}/blob/${branch}` });
const example = (_input: unknown, { owner, repo }: RepositoryAt) =>
  addresses({ cloneUrl: `https://github.com/${owner}/${repo}.git`, webUrl: `https://github.com/${owner}/${repo}` }, "main");

/** An empty repository. One that this run made before is found by its mark, the run's address as its homepage. */
export const githubRepoCreate = githubAction({
  id: "github:repo:create",
  ignored: {
    homepage: "the address of the run is there, by which a repeat knows what it made",
    collaborators: "give a team access with access",
    autoInit: "the repository stays empty for github:repo:push",
    ...Object.fromEntries(
      [
        ...["allowAutoMerge", "allowMergeCommit", "allowRebaseMerge", "allowSquashMerge", "allowUpdateBranch", "customProperties", "deleteBranchOnMerge", "hasIssues"],
        ...["hasProjects", "hasWiki", "oidcCustomization", "squashMergeCommitMessage", "squashMergeCommitTitle", "subscribe", "workflowAccess"],
      ].map((name) => [name, "set it at GitHub"]),
    ),
  },
  input: OnRepository.extend({
    description: text.default(""),
    repoVisibility: z.enum(["private", "internal", "public"], "expected private, internal or public").default("private"),
    access: text.optional(),
    topics: z.array(text, "expected a list of topics").max(50).default([]),
    repoVariables: z.record(z.string(), text, "expected a group of texts").default({}),
    secrets: z.record(SecretName, text, "expected a group of texts").default({}),
  }),
  calls: ({ repoVisibility }, { owner, repo }) => [{ call: `POST /orgs/${owner}/repos`, detail: `The empty ${repoVisibility} repository ${repo}.` }],
  example,
  run: async ({ input, log, attempt, context }, client, { owner, repo: name }) => {
    const mark = attempt?.mark ?? context.runId;
    const made = await create(client, { owner, name, description: input.description, homepage: mark, isPrivate: input.repoVisibility !== "public" });
    if (input.repoVisibility === "internal") log("Made private: internal repositories belong to GitHub Enterprise and are set there.", "warn");
    await setTopics(client, made, input.topics);
    const team = /^(?:[^/]+\/)?([^/]+)$/.exec(input.access ?? "")?.[1];
    if (team && !(await letTeamPush(client, made, team))) log(`${owner} has no team ${team} on GitHub: give its people access by hand.`, "warn");
    for (const [variable, value] of Object.entries(input.repoVariables)) await ensureRepositoryVariable(client, { owner, repo: name }, { name: variable, value });
    for (const [secret, value] of Object.entries(input.secrets)) {
      attempt?.hide(value);
      await setSecret(client, { owner, repo: name }, { name: secret, value });
    }
    log(`Repository ${made.webUrl}`);
    return addresses(made, "main");
  },
});

async function create(client: GithubClient, wanted: Parameters<typeof createGithubRepository>[1]): Promise<GithubRepository> {
  const ours = async () => {
    const found = await findGithubRepository(client, wanted.owner, wanted.name);
    if (found && found.homepage !== wanted.homepage) throw new DomainError("conflict", `${wanted.owner} has a repository ${wanted.name} on GitHub already. Choose another name.`);
    return found;
  };
  const known = await ours();
  if (known) return known;
  try {
    return await createGithubRepository(client, wanted);
  } catch (error) {
    const made = isGithubFailure(error) && (error.mayHaveHappened || error.problem === "name-taken") ? await ours() : null;
    if (made) return made;
    throw error;
  }
}

/** The files of the workspace as the first commit of an empty repository. The same files give the same commit, so a repeat finds it there. */
export const githubRepoPush = githubAction({
  id: "github:repo:push",
  ignored: Object.fromEntries(
    [
      ...["requireCodeOwnerReviews", "dismissStaleReviews", "requiredStatusCheckContexts", "bypassPullRequestAllowances", "requiredApprovingReviewCount", "restrictions"],
      ...["requireBranchesToBeUpToDate", "requiredConversationResolution", "requireLastPushApproval", "protectDefaultBranch", "protectEnforceAdmins"],
      ...["requiredCommitSigning", "requiredLinearHistory"],
    ].map((name) => [name, "use github:branch-protection:create"]),
  ),
  input: OnRepository.extend({
    defaultBranch: text.regex(/^[A-Za-z0-9][\w./-]{0,99}$/, "expected a branch name such as main").default("main"),
    gitCommitMessage: text.max(5_000).default("Initial commit"),
    gitAuthorName: text.max(200).optional(),
    gitAuthorEmail: text.max(200).optional(),
    sourcePath: text.optional(),
  }),
  calls: ({ defaultBranch }, { owner, repo }) => [{ call: `git push ${owner}/${repo} ${defaultBranch}`, detail: "The files of the workspace as the first commit." }],
  example: (input, at) => ({ ...example(input, at), commitHash: "0".repeat(40) }),
  run: async ({ input, workspace, signal, context, attempt, log }, client, { owner, repo }) => {
    const repository = await findGithubRepository(client, owner, repo);
    if (!repository) throw new DomainError("invalid", `GitHub has no repository ${owner}/${repo}, or the connection may not see it. Create it with github:repo:create before.`);
    const dir = await mkdtemp(path.join(tmpdir(), "waymark-repo-push-"));
    try {
      const place = { dir: path.join(dir, "repo.git"), cloneUrl: repository.cloneUrl, signal };
      await ensureBareRepository(place.dir, input.defaultBranch, signal);
      const folder = safeChildPath(workspace.root, input.sourcePath ?? "");
      const author = { name: input.gitAuthorName ?? context.user.name, email: input.gitAuthorEmail ?? context.user.email ?? "waymark@localhost" };
      const commit = await commitFolder(place.dir, folder, { branch: input.defaultBranch, author, message: input.gitCommitMessage, at: attempt?.since ?? new Date(0) }, signal);
      const tip = await remoteTip(client, place, input.defaultBranch);
      if (tip && tip !== commit) throw new DomainError("conflict", `${owner}/${repo} has commits already. Use publish:github:pull-request to change it.`);
      if (!tip) await pushCommit(client, place, commit, input.defaultBranch);
      log(`Pushed ${commit.slice(0, 7)} to ${input.defaultBranch}.`);
      return { ...addresses(repository, input.defaultBranch), commitHash: commit };
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
});
