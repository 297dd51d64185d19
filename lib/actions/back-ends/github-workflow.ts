import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { actionCallbacks } from "@/db/schema";
import type { ReportRecord } from "@/db/schema/actions";
import type { GithubClient } from "@/lib/github/client";
import { isGithubFailure } from "@/lib/github/failure";
import { beforeDispatch, dispatchWorkflow, failedJobLogs, readWorkflowRun, type WorkflowState, type WorkflowTarget, workflowProgress } from "@/lib/github/workflows";
import { githubClient } from "@/lib/platform/queries";
import { type EngineRun, type StepContext, StepFailure, type StepPlan } from "@/lib/runs/engine/types";
import type { BackEnd } from "../contract";
import type { ActionRunInput } from "../run-input";
import { openAttempt } from "./attempt";

type Run = EngineRun<ActionRunInput>;
type Workflow = Extract<BackEnd, { type: "github-workflow" }>;

export const GITHUB_STEPS: StepPlan[] = [
  { name: "prepare", title: "Look at the workflow" },
  { name: "call", title: "Start the workflow" },
  { name: "follow", title: "Follow it to its end" },
];

/** Between two looks no worker is kept busy. */
const LOOK_AGAIN_MS = 3_000;
/** Passing troubles in a row after which following is given up. */
const PATIENCE = 20;

/** Inputs of a workflow are texts. */
const asInputs = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]));

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isGithubFailure(error)) throw new StepFailure(error.outcome, { cause: error });
    throw error;
  }
}

async function connected(): Promise<GithubClient> {
  const client = await githubClient(db());
  if (client) return client;
  throw new StepFailure({
    causeCode: "github-not-connected",
    cause: "This action runs a GitHub workflow, and Waymark is not connected to GitHub.",
    whoCanFix: "platform-team",
    nextAction: "Connect GitHub under Administration, Integrations, then retry.",
  });
}

/** Starts the workflow once per attempt and follows it to its end. Returns the report of a success. Throws StepFailure. */
export async function runGitHubWorkflow(run: Run, { owner, repository: repo, workflow, ref }: Workflow, values: Record<string, unknown>): Promise<ReportRecord> {
  await openAttempt(run);
  const client = await connected();
  const target: WorkflowTarget = { owner, repo, workflow, ref, inputs: asInputs(values), correlation: run.runId };
  const before = await run.step("prepare", () => explained(() => beforeDispatch(client, target)));
  const started = await run.step("call", async (step) => {
    const begun = await explained(() => dispatchWorkflow(client, target, { before, signal: step.signal }));
    step.log(`Started workflow run ${begun.runId}.`);
    return begun;
  });
  return run.step("follow", async (step) => {
    const state = await follow(run, step, client, { owner, repo, runId: started.runId });
    const links = [{ title: "Workflow run", url: state.url || started.url }];
    if (state.conclusion === "success") return { status: "succeeded", summary: `${workflow} of ${owner}/${repo} succeeded`, links };
    throw new StepFailure({
      causeCode: "workflow-failed",
      cause: `The workflow ${workflow} of ${owner}/${repo} ended with ${state.conclusion?.replaceAll("_", " ") ?? "no conclusion"}.`,
      whoCanFix: "platform-team",
      nextAction: "Read the log of its failed job, correct the workflow or the values, then retry.",
      evidence: links,
    });
  });
}

const thisAttempt = (run: Run) => and(eq(actionCallbacks.runId, run.runId), eq(actionCallbacks.attempt, run.attempt));

interface Progress {
  state: WorkflowState | null;
  troubles: number;
}

async function follow(run: Run, step: StepContext, client: GithubClient, at: { owner: string; repo: string; runId: number }): Promise<WorkflowState> {
  const [row] = await db().select({ progress: actionCallbacks.progress }).from(actionCallbacks).where(thisAttempt(run));
  const seen = (row?.progress ?? { state: null, troubles: 0 }) as unknown as Progress;
  const next = await look(step, client, at, seen);
  if (next.state?.status === "completed") {
    const state = next.state;
    for (const { job, lines } of await explained(() => failedJobLogs(client, at, state))) for (const line of lines) step.log(`${job} | ${line}`, "error");
    return state;
  }
  return run.waitOutside<WorkflowState>(
    async (tx) => {
      await tx
        .update(actionCallbacks)
        .set({ progress: { ...next } })
        .where(thisAttempt(run));
      return null;
    },
    { againAfterMs: LOOK_AGAIN_MS },
  );
}

/** One look; a passing trouble of GitHub is said and counted, not final. */
async function look(step: StepContext, client: GithubClient, at: { owner: string; repo: string; runId: number }, seen: Progress): Promise<Progress> {
  try {
    const state = await readWorkflowRun(client, at);
    for (const { text, level } of workflowProgress(seen.state, state)) step.log(text, level);
    return { state, troubles: 0 };
  } catch (error) {
    if (!isGithubFailure(error)) throw error;
    const isPassing = isGithubFailure(error, "unavailable", "unreachable", "rate-limited");
    if (!isPassing || seen.troubles >= PATIENCE) throw new StepFailure(error.outcome, { cause: error });
    step.log(`${error.message} Looking again.`, "warn");
    return { ...seen, troubles: seen.troubles + 1 };
  }
}
