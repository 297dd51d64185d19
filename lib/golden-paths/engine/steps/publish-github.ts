import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import { parseRepoUrl } from "../repo-url";
import { stepAction } from "../step-action";

const text = z.string("expected text");

/** The input of Backstage's action of this name; what is not listed is accepted and has no effect. */
export const PublishInput = z.looseObject({
  repoUrl: text.optional(),
  description: text.optional(),
  defaultBranch: text.regex(/^[A-Za-z0-9][\w./-]{0,99}$/, "expected a branch name such as main").default("main"),
  repoVisibility: z.enum(["private", "internal", "public"], "expected private, internal or public").default("private"),
  topics: z.array(text, "expected a list of topics").max(50).default([]),
  gitCommitMessage: text.max(5_000).optional(),
});

export const publishGithub = stepAction({
  id: "publish:github",
  effect: "publication",
  input: PublishInput,
  foresee: ({ repoUrl, repoVisibility }) => {
    const { owner, repo } = parseRepoUrl(repoUrl ?? null) ?? {};
    const name = `${owner ?? "team"}/${repo ?? "service"}`;
    const remoteUrl = `https://git.example/${name}.git`;
    const output = { remoteUrl, repoContentsUrl: `https://git.example/${name}/tree/main`, commitHash: "0".repeat(40) };
    return { calls: [{ call: "publish:github", detail: `Makes the ${repoVisibility} repository with these files as its first commit.` }], output };
  },
  run: async ({ input, outside }) => {
    if (!outside) throw new DomainError("unavailable", "Nothing can be published here.");
    const { repoUrl = null, description = null, defaultBranch, repoVisibility, topics, gitCommitMessage = null } = input;
    return { ...(await outside.publish({ repoUrl, description, defaultBranch, visibility: repoVisibility, topics, commitMessage: gitCommitMessage })) };
  },
});
