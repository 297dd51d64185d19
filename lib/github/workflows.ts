import { setTimeout as wait } from "node:timers/promises";
import type { GithubClient } from "./client";
import { GithubFailure, isGithubFailure } from "./failure";

// A workflow run started and followed to its end. Newer servers answer a dispatch with the id of its run; from older ones, and
// after a lost answer, the run is found as the first one that was not there before: run ids only grow.

export interface WorkflowTarget {
  owner: string;
  repo: string;
  /** File name such as `deploy.yml`, or the workflow's id. */
  workflow: string;
  /** Branch or tag whose version of the workflow runs. */
  ref: string;
  inputs: Record<string, string>;
  /** A text that only this dispatch has; a workflow that puts the input into its `run-name` is found by it for sure. */
  correlation?: string;
}

/** The state before a dispatch. Keep it (a checkpoint) before dispatching, so that a repeat finds what was started. */
export interface BeforeDispatch {
  lastRunId: number;
}

interface Waiting {
  signal?: AbortSignal;
  pollMs?: number;
  /** How long a run that was dispatched may take to appear. */
  appearMs?: number;
}

const PAGE = 50;

/** The newest run of the workflow on this branch, 0 for none. Throws GithubFailure, `not-found` for an unknown workflow. */
export async function beforeDispatch(client: GithubClient, target: WorkflowTarget): Promise<BeforeDispatch> {
  const [newest] = await recentRuns(client, target, 1);
  return { lastRunId: newest?.id ?? 0 };
}

/**
 * Starts the workflow unless a run of it appeared since `before`, and returns the run's id and page. A lost answer is
 * looked up, never sent twice. Throws GithubFailure.
 */
export async function dispatchWorkflow(client: GithubClient, target: WorkflowTarget, options: Waiting & { before?: BeforeDispatch } = {}): Promise<{ runId: number; url: string }> {
  const before = options.before ?? (await beforeDispatch(client, target));
  if (options.before) {
    const started = await findDispatched(client, target, before);
    if (started) return started;
  }
  options.signal?.throwIfAborted();
  try {
    const { owner, repo, workflow, ref, inputs } = target;
    const { data } = await client.call(`start the workflow ${workflow} of ${owner}/${repo}`, (rest) =>
      rest.actions.createWorkflowDispatch({ owner, repo, workflow_id: workflow, ref, inputs, return_run_details: true }),
    );
    const details = data as unknown as { workflow_run_id?: number; html_url?: string } | undefined;
    if (details?.workflow_run_id) return { runId: details.workflow_run_id, url: details.html_url ?? "" };
  } catch (error) {
    if (!isGithubFailure(error) || !error.mayHaveHappened) throw error;
    const started = await appeared(client, target, before, options);
    if (started) return started;
    throw error;
  }
  const started = await appeared(client, target, before, options);
  if (started) return started;
  throw new GithubFailure({
    problem: "lost-answer",
    cause: `GitHub took the dispatch of ${target.workflow}, but no run of it appeared.`,
    whoCanFix: "provider",
    nextAction: "Look at the repository's Actions page, then retry.",
    mayHaveHappened: true,
  });
}

async function appeared(client: GithubClient, target: WorkflowTarget, before: BeforeDispatch, { signal, pollMs = 1000, appearMs = 20_000 }: Waiting) {
  for (let waited = 0; ; waited += pollMs) {
    const started = await findDispatched(client, target, before);
    if (started || waited >= appearMs) return started;
    await wait(pollMs, undefined, signal ? { signal } : {});
  }
}

async function findDispatched(client: GithubClient, target: WorkflowTarget, { lastRunId }: BeforeDispatch): Promise<{ runId: number; url: string } | null> {
  const fresh = (await recentRuns(client, target, PAGE)).filter((run) => run.id > lastRunId);
  const named = target.correlation ? fresh.find((run) => run.title.includes(target.correlation ?? "")) : undefined;
  const found = named ?? fresh.at(-1);
  return found ? { runId: found.id, url: found.url } : null;
}

async function recentRuns(client: GithubClient, { owner, repo, workflow, ref }: WorkflowTarget, count: number): Promise<{ id: number; title: string; url: string }[]> {
  const { data } = await client.call(`list the runs of ${workflow} in ${owner}/${repo}`, (rest) =>
    rest.actions.listWorkflowRuns({ owner, repo, workflow_id: workflow, event: "workflow_dispatch", branch: ref, per_page: count }),
  );
  return data.workflow_runs.map((run) => ({ id: run.id, title: run.display_title, url: run.html_url })).sort((a, b) => b.id - a.id);
}

export interface WorkflowState {
  status: string;
  /** `success`, `failure`, `cancelled`, `timed_out`, …; null while it runs. */
  conclusion: string | null;
  url: string;
  jobs: { id: number; name: string; status: string; conclusion: string | null; steps: { name: string; status: string; conclusion: string | null }[] }[];
}

/** One look at a run: its state and that of its jobs and steps. Throws GithubFailure. */
export async function readWorkflowRun(client: GithubClient, at: { owner: string; repo: string; runId: number }): Promise<WorkflowState> {
  const { owner, repo, runId: run_id } = at;
  const { data: run } = await client.call(`read the workflow run ${run_id}`, (rest) => rest.actions.getWorkflowRun({ owner, repo, run_id }));
  const { data } = await client.call(`read the jobs of the workflow run ${run_id}`, (rest) => rest.actions.listJobsForWorkflowRun({ owner, repo, run_id, per_page: 100 }));
  const jobs = data.jobs.map(({ id, name, status, conclusion, steps = [] }) => ({
    id,
    name,
    status,
    conclusion,
    steps: steps.map((step) => ({ name: step.name, status: step.status, conclusion: step.conclusion })),
  }));
  return { status: run.status ?? "queued", conclusion: run.conclusion, url: run.html_url, jobs };
}

/** Log lines for what changed between two looks: `build › npm test: success`. */
export function workflowProgress(before: WorkflowState | null, now: WorkflowState): { text: string; level: "info" | "error" }[] {
  const known = new Map(linesOf(before));
  return linesOf(now)
    .filter(([name, state]) => state !== "queued" && known.get(name) !== state)
    .map(([name, state]) => ({ text: `${name}: ${state.replace("_", " ")}`, level: state === "failure" || state === "timed_out" ? "error" : "info" }));
}

function linesOf(state: WorkflowState | null): [string, string][] {
  return (state?.jobs ?? []).flatMap((job) => [
    ...job.steps.map((step): [string, string] => [`${job.name} › ${step.name}`, step.conclusion ?? step.status]),
    [job.name, job.conclusion ?? job.status] as [string, string],
  ]);
}

/** The last lines of each failed job's log, for the person who must fix it; nothing where GitHub keeps none. */
export async function failedJobLogs(client: GithubClient, at: { owner: string; repo: string }, state: WorkflowState, lines = 40): Promise<{ job: string; lines: string[] }[]> {
  const failed = state.jobs.filter((job) => job.conclusion === "failure" || job.conclusion === "timed_out").slice(0, 5);
  return Promise.all(
    failed.map(async (job) => {
      try {
        const { data } = await client.call(`read the log of the job ${job.name}`, (rest) =>
          rest.actions.downloadJobLogsForWorkflowRun({ owner: at.owner, repo: at.repo, job_id: job.id }),
        );
        const text = typeof data === "string" ? data : "";
        return { job: job.name, lines: text.trimEnd().split(/\r?\n/).slice(-lines).map(withoutTime) };
      } catch (error) {
        if (isGithubFailure(error, "not-found", "missing-permission")) return { job: job.name, lines: [] };
        throw error;
      }
    }),
  );
}

const withoutTime = (line: string) => line.replace(/^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z /, "");

/**
 * Follows a run to its end, saying each change of a job or step once, and the end of a failed job's log. A look that fails
 * for a passing reason is repeated. Throws GithubFailure, or the signal's reason.
 */
export async function followWorkflow(
  client: GithubClient,
  at: { owner: string; repo: string; runId: number },
  { signal, pollMs = 3000, log }: { signal: AbortSignal; pollMs?: number; log(text: string, level?: "info" | "error"): void },
): Promise<WorkflowState> {
  let before: WorkflowState | null = null;
  for (let failures = 0; ; ) {
    signal.throwIfAborted();
    try {
      const state = await readWorkflowRun(client, at);
      failures = 0;
      for (const { text, level } of workflowProgress(before, state)) log(text, level);
      before = state;
      if (state.status === "completed") {
        for (const { job, lines } of await failedJobLogs(client, at, state)) for (const line of lines) log(`${job} | ${line}`, "error");
        return state;
      }
    } catch (error) {
      failures += 1;
      if (!isGithubFailure(error, "unavailable", "unreachable", "rate-limited") || failures > 5) throw error;
      log(`${error.message} Looking again.`);
      if (error.retryAt) await wait(Math.min(Math.max(0, error.retryAt.getTime() - performance.timeOrigin - performance.now()), 120_000), undefined, { signal });
    }
    await wait(pollMs, undefined, { signal });
  }
}

/** Asks GitHub to cancel a run; one that has ended stays as it is. */
export async function cancelWorkflow(client: GithubClient, { owner, repo, runId }: { owner: string; repo: string; runId: number }): Promise<void> {
  try {
    await client.call(`cancel the workflow run ${runId}`, (rest) => rest.actions.cancelWorkflowRun({ owner, repo, run_id: runId }));
  } catch (error) {
    if (!isGithubFailure(error, "conflict")) throw error;
  }
}
