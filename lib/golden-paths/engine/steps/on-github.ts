import { z } from "zod";
import { db } from "@/db/client";
import { DomainError } from "@/lib/core/errors";
import type { GithubClient } from "@/lib/github/client";
import { GithubFailure } from "@/lib/github/failure";
import { githubClient } from "@/lib/platform/queries";
import { StepFailure } from "@/lib/runs/engine/types";
import { parseRepoUrl } from "../repo-url";
import { type PlannedCall, type StepAction, type StepArgs, stepAction } from "../step-action";

const EXAMPLE = "github.com?owner=acme&repo=shop";

/** What all actions on a repository of GitHub take. A token of the template's own is not used: the platform's connection is. */
export const OnRepository = z.looseObject({
  repoUrl: z.string(`expected a repository such as ${EXAMPLE}`).refine((text) => {
    const url = parseRepoUrl(text);
    return Boolean(url?.owner && url.repo);
  }, `expected a repository such as ${EXAMPLE}`),
});

export interface RepositoryAt {
  owner: string;
  repo: string;
}

interface Declaration<I extends z.ZodType<z.output<typeof OnRepository>>> {
  id: string;
  input: I;
  /** Inputs of Backstage's action that have no effect here, and why; the token is one of all of them. */
  ignored?: Record<string, string>;
  /** What is asked of GitHub, for a dry run: `POST /repos/{owner}/{repo}/pulls` and a sentence. */
  calls(input: z.output<I>, at: RepositoryAt): PlannedCall[];
  /** What a dry run gives to later steps. */
  example?(input: z.output<I>, at: RepositoryAt): Record<string, unknown>;
  run(args: StepArgs<z.output<I>>, client: GithubClient, at: RepositoryAt): Promise<Record<string, unknown> | undefined>;
}

/** Declares an action on one repository of GitHub; failures say who can fix them and what to do. */
export function githubAction<I extends z.ZodType<z.output<typeof OnRepository>>>(declaration: Declaration<I>): StepAction {
  return stepAction({
    id: declaration.id,
    effect: "outside",
    input: declaration.input,
    ignored: { token: "Waymark uses its own connection", ...declaration.ignored },
    foresee: (input) => {
      const at = placeOf(input.repoUrl);
      return { calls: declaration.calls(input, at), output: declaration.example?.(input, at) ?? {} };
    },
    run: async (args) => {
      if (args.input["token"]) args.log(`${declaration.id}: the token of the step is not used; Waymark uses its own connection to GitHub.`, "warn");
      const client = await connected(declaration.id, parseRepoUrl(args.input.repoUrl)?.host ?? "");
      try {
        return await declaration.run(args, client, placeOf(args.input.repoUrl));
      } catch (error) {
        if (error instanceof GithubFailure) throw new StepFailure(error.outcome, { cause: error });
        throw error;
      }
    },
  });
}

function placeOf(repoUrl: string): RepositoryAt {
  const { owner, repo } = parseRepoUrl(repoUrl) ?? {};
  if (!owner || !repo) throw new DomainError("invalid", `"${repoUrl.slice(0, 200)}" names no repository. Write it as ${EXAMPLE}.`);
  return { owner, repo };
}

/** Templates written for github.com mean the GitHub of this platform, which may be an Enterprise Server. */
async function connected(action: string, host: string): Promise<GithubClient> {
  const client = await githubClient(db());
  const nextAction = "Connect GitHub on Integrations, then retry; what was done already is kept.";
  if (!client) throw new StepFailure({ causeCode: "github-not-connected", cause: `${action} needs GitHub, which is not connected.`, whoCanFix: "platform-team", nextAction });
  const own = new URL(client.webUrl).host;
  if (host !== "github.com" && host !== own) throw new DomainError("invalid", `${action} names a repository at ${host}, but this Waymark is connected to ${own}.`);
  return client;
}
