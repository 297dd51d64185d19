import { z } from "zod";
import { beforeDispatch, dispatchWorkflow } from "@/lib/github/workflows";
import { githubAction, OnRepository } from "./on-github";

const text = z.string("expected text");

export const githubDispatch = githubAction({
  id: "github:actions:dispatch",
  input: OnRepository.extend({
    workflowId: text.min(1, "expected a file such as deploy.yml"),
    branchOrTagName: text.min(1, "expected a branch or tag"),
    workflowInputs: z.record(z.string(), z.unknown(), "expected a group of texts").default({}),
    returnWorkflowRunDetails: z.boolean().optional(),
  }),
  calls: ({ workflowId, branchOrTagName }, { owner, repo }) => [
    { call: `POST /repos/${owner}/${repo}/actions/workflows/${workflowId}/dispatches`, detail: `Starts the workflow on ${branchOrTagName}.` },
  ],
  example: (_input, { owner, repo }) => ({ workflowRunId: 1, workflowRunHtmlUrl: `https://github.com/${owner}/${repo}/actions/runs/1` }),
  run: async ({ input, log, signal, attempt }, client, { owner, repo }) => {
    const inputs = Object.fromEntries(Object.entries(input.workflowInputs).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]));
    const target = { owner, repo, workflow: input.workflowId, ref: input.branchOrTagName, inputs };
    // Whether an earlier attempt started it cannot be known for sure; a run of the workflow since the request counts as it.
    const before = (attempt?.attempt ?? 1) > 1 ? { lastRunId: await lastBefore(client, target, attempt?.since ?? new Date(0)) } : await beforeDispatch(client, target);
    const { runId, url } = await dispatchWorkflow(client, target, { before, signal });
    log(`Started ${input.workflowId}: ${url}`);
    return { workflowRunId: runId, workflowRunHtmlUrl: url, workflowRunUrl: `${client.apiUrl}/repos/${owner}/${repo}/actions/runs/${runId}` };
  },
});

async function lastBefore(client: Parameters<typeof beforeDispatch>[0], { owner, repo, workflow, ref }: Parameters<typeof beforeDispatch>[1], since: Date): Promise<number> {
  const { data } = await client.call(`list the runs of ${workflow} in ${owner}/${repo}`, (rest) =>
    rest.actions.listWorkflowRuns({ owner, repo, workflow_id: workflow, event: "workflow_dispatch", branch: ref, per_page: 50 }),
  );
  return Math.max(0, ...data.workflow_runs.filter((run) => Date.parse(run.created_at) < since.getTime()).map((run) => run.id));
}
