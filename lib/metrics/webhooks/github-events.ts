import { z } from "zod";
import type { Tier } from "../contract";
import type { CommitFact } from "../facts";
import { matcherOf } from "../rules";
import type { Rules } from "../rules-shape";
import { Sha, severityOf, Text, Time } from "./read";
import type { Told } from "./told";

// What GitHub's events say about delivery. Only the fields that are used are asked for; everything else may be anything.

const Repo = z.object({ full_name: z.string().min(3).max(300), default_branch: Text.optional() });

const DeploymentStatus = z.object({
  deployment: z.object({
    id: z.number(),
    sha: Sha,
    environment: z.string().min(1).max(200),
    created_at: Time,
    production_environment: z.boolean().nullish(),
    transient_environment: z.boolean().nullish(),
  }),
  deployment_status: z.object({ state: Text, created_at: Time }),
  repository: Repo,
});

const Push = z.object({
  ref: Text,
  before: z.string().regex(/^[0-9a-f]{40,64}$/i),
  after: z.string().regex(/^[0-9a-f]{40,64}$/i),
  created: z.boolean().nullish(),
  deleted: z.boolean().nullish(),
  commits: z
    .array(
      z.object({
        id: Sha,
        message: Text,
        timestamp: Time,
        author: z.object({ name: Text.nullish(), username: Text.nullish() }),
        added: z.array(Text).nullish(),
        removed: z.array(Text).nullish(),
        modified: z.array(Text).nullish(),
      }),
    )
    .max(5_000),
  repository: Repo,
});

const PullRequest = z.object({
  pull_request: z.object({
    number: z.number().int(),
    title: Text,
    state: z.enum(["open", "closed"]),
    merged: z.boolean().nullish(),
    user: z.object({ login: Text }).nullish(),
    created_at: Time,
    merged_at: Time.nullish(),
    closed_at: Time.nullish(),
    merge_commit_sha: Sha.nullish(),
  }),
  repository: Repo,
});

const WorkflowRun = z.object({
  workflow_run: z.object({
    id: z.number(),
    name: Text.nullish(),
    run_attempt: z.number().nullish(),
    status: Text.nullish(),
    conclusion: Text.nullish(),
    head_sha: Sha,
    run_started_at: Time.nullish(),
    created_at: Time,
    updated_at: Time,
  }),
  repository: Repo,
});

const Release = z.object({
  action: Text.nullish(),
  release: z.object({ id: z.number(), tag_name: Text, target_commitish: Text, draft: z.boolean().nullish(), prerelease: z.boolean().nullish(), published_at: Time.nullish() }),
  repository: Repo,
});

const Issue = z.object({
  issue: z.object({
    number: z.number().int(),
    title: Text,
    state: Text.nullish(),
    created_at: Time,
    closed_at: Time.nullish(),
    labels: z.array(z.object({ name: Text })).nullish(),
  }),
  repository: Repo,
});

const STATES: Record<string, "success" | "failure"> = { success: "success", failure: "failure", error: "failure", timed_out: "failure" };
const USED: Record<string, (payload: unknown, rules: Rules) => Told> = {
  push: (payload) => toldByPush(Push.parse(payload)),
  deployment_status: (payload) => toldByStatus(DeploymentStatus.parse(payload)),
  pull_request: (payload) => toldByPullRequest(PullRequest.parse(payload)),
  workflow_run: (payload, rules) => toldByWorkflow(WorkflowRun.parse(payload), rules),
  release: (payload, rules) => toldByRelease(Release.parse(payload), rules),
  issues: (payload, rules) => toldByIssue(Issue.parse(payload), rules),
};

/** The facts in an event. Throws ZodError for a payload that is not what GitHub sends. */
export function toldByGithub(event: string, payload: unknown, rules: Rules): Told {
  if (event === "ping") return { ignored: "Ping: the webhook reaches Waymark." };
  if (event === "deployment") return { ignored: "A deployment counts when its status says how it ended." };
  return USED[event]?.(payload, rules) ?? { ignored: `Events of the kind ${event} are not used.` };
}

function toldByStatus({ deployment, deployment_status: status, repository }: z.output<typeof DeploymentStatus>): Told {
  const outcome = STATES[status.state];
  if (!outcome) return { ignored: `The state ${status.state.slice(0, 40)} is no end of a deployment.` };
  const { environment } = deployment;
  const tier = deployment.production_environment ? "production" : deployment.transient_environment ? "sandbox" : undefined;
  return {
    deployments: [
      deploymentOf({
        id: `github-${deployment.id}`,
        environment,
        tier,
        outcome,
        commit: deployment.sha,
        repository: repository.full_name,
        from: deployment.created_at,
        to: status.created_at,
      }),
    ],
  };
}

interface Ended {
  id: string;
  environment: string;
  tier?: Tier | undefined;
  outcome: "success" | "failure";
  commit: string;
  repository: string;
  from: Date;
  to: Date;
}

const deploymentOf = ({ id, environment, tier, outcome, commit, repository, from, to }: Ended): NonNullable<Told["deployments"]>[number] => ({
  externalId: id,
  service: { repository },
  environment: environment.slice(0, 100),
  tier,
  status: outcome,
  commit,
  repository,
  startedAt: new Date(Math.min(from.getTime(), to.getTime())),
  finishedAt: to,
  source: "github",
});

function toldByWorkflow({ workflow_run: run, repository }: z.output<typeof WorkflowRun>, rules: Rules): Told {
  const rule = rules.workflows.find(({ workflow }) => matcherOf([workflow])(run.name ?? ""));
  if (!rule) return { ignored: `The workflow ${(run.name ?? "").slice(0, 60)} is no deployment by the rules.` };
  const outcome = STATES[run.conclusion ?? ""];
  if (!outcome) return { ignored: `The run is ${(run.conclusion ?? run.status ?? "under way").slice(0, 40)}: no end of a deployment.` };
  // Each attempt is a try of its own; the identity of the run is GitHub's.
  const id = `workflow-${run.id}-${run.run_attempt ?? 1}`;
  return {
    deployments: [
      deploymentOf({
        id,
        environment: rule.environment,
        outcome,
        commit: run.head_sha,
        repository: repository.full_name,
        from: run.run_started_at ?? run.created_at,
        to: run.updated_at,
      }),
    ],
  };
}

function toldByRelease({ action, release, repository }: z.output<typeof Release>, rules: Rules): Told {
  if (!rules.releases) return { ignored: "Releases are no deployments by the rules." };
  if (action !== "published" || release.draft || release.prerelease || !release.published_at) return { ignored: "Only a published release that is final counts." };
  const commit = Sha.safeParse(release.target_commitish);
  if (!commit.success)
    return {
      ignored: `The release ${release.tag_name.slice(0, 60)} names the branch ${release.target_commitish.slice(0, 60)}, not a commit. Report the deployment to /api/v1/deployments.`,
    };
  const at = release.published_at;
  return {
    deployments: [
      deploymentOf({
        id: `release-${release.id}`,
        environment: "production",
        tier: "production",
        outcome: "success",
        commit: commit.data,
        repository: repository.full_name,
        from: at,
        to: at,
      }),
    ],
  };
}

function toldByIssue({ issue, repository }: z.output<typeof Issue>, rules: Rules): Told {
  const counts = matcherOf(rules.incidentLabels);
  const labels = (issue.labels ?? []).map(({ name }) => name);
  if (!labels.some(counts)) return { ignored: "The issue has no label that the rules make an incident." };
  const severity = labels.map(severityOf).find((one) => one !== "low") ?? "high";
  const resolvedAt = issue.state === "closed" && issue.closed_at && issue.closed_at >= issue.created_at ? issue.closed_at : null;
  return {
    incidents: [
      {
        externalId: `issue-${repository.full_name}-${issue.number}`.slice(0, 200),
        service: { repository: repository.full_name },
        title: issue.title.slice(0, 200) || "Incident",
        severity,
        openedAt: issue.created_at,
        resolvedAt,
        source: "github",
      },
    ],
  };
}

const NOBODY = /^0+$/;
const MERGE = /^Merge (pull request|branch|remote-tracking branch|tag|commit) /;

function toldByPush({ ref, before, after, deleted, commits, repository }: z.output<typeof Push>): Told {
  const name = repository.full_name;
  if (!ref.startsWith("refs/heads/")) return { ignored: "Only branches count." };
  if (deleted || NOBODY.test(after)) return { ignored: "The branch was deleted." };
  const push = { ref, before, after, repository: name };
  // A push tells the order of its commits but no parents. Of a new branch that is not the first one even the beginning is unknown.
  const isNew = NOBODY.test(before);
  if (isNew && ref !== `refs/heads/${repository.default_branch ?? "main"}`) return { push };
  let parent = isNew ? null : before;
  const facts = commits.map((commit): CommitFact => {
    const parents = [...(parent ? [parent] : []), ...(MERGE.test(commit.message) && parent && parent !== before && !isNew ? [before] : [])];
    parent = commit.id;
    return {
      sha: commit.id,
      parents,
      parentsReported: false,
      repository: name,
      authoredAt: commit.timestamp,
      committedAt: commit.timestamp,
      author: commit.author.name ?? commit.author.username ?? "unknown",
      message: commit.message,
      paths: [...(commit.added ?? []), ...(commit.removed ?? []), ...(commit.modified ?? [])].slice(0, 3_000),
    };
  });
  return { push, commits: facts };
}

function toldByPullRequest({ pull_request: pr, repository }: z.output<typeof PullRequest>): Told {
  const fact = {
    repository: repository.full_name,
    number: pr.number,
    title: pr.title.slice(0, 500),
    state: pr.merged ? ("merged" as const) : pr.state,
    author: pr.user?.login ?? "unknown",
    openedAt: pr.created_at,
    mergedAt: pr.merged_at ?? undefined,
    closedAt: pr.closed_at ?? undefined,
    mergeCommit: pr.merged ? (pr.merge_commit_sha ?? undefined) : undefined,
  };
  return { pullRequests: [fact] };
}
