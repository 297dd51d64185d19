import { eq } from "drizzle-orm";
import { z } from "zod";
import { type Connection, db } from "@/db/client";
import { runs } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { parseInput, query } from "@/lib/core/operation";
import type { LogLine, Run } from "@/lib/runs/contract";
import { getRun, listRuns, readRunLog, runSubject } from "@/lib/runs/queries";
import { createService } from "../create-service";
import { loadGoldenPathVersion } from "../load-version";
import { readOutput } from "../run-secrets";
import { makesService } from "../service-plan";
import { runGoldenPath } from "../start-path";
import { loadStepRegistry } from "../step-actions/registry";

// A task of Backstage's scaffolder is a run of a golden path here, and its steps are the steps of that run.

const KINDS = ["service.create", "golden-path.run"];
const STATUS = { queued: "open", running: "processing", succeeded: "completed", failed: "failed", cancelled: "cancelled" } as const;
const STEP_STATUS = { pending: null, running: "processing", succeeded: "completed", failed: "failed", skipped: "skipped", cancelled: "cancelled" } as const;

const TaskRequest = z.looseObject({
  templateRef: z.string("name the template, such as template:default/node-express"),
  values: z.record(z.string(), z.unknown()).default({}),
  secrets: z.record(z.string(), z.string()).default({}),
});

/** Starts a golden path as a client of Backstage asks for it. Throws what creating a service or running a path throws. */
export async function startTask(ctx: Ctx, body: unknown): Promise<{ id: string }> {
  const { templateRef, values, secrets } = parseInput(TaskRequest, body);
  const name = templateRef.split("/").at(-1)?.split(":").at(-1) ?? "";
  // A user's token for the code host is handed over by Backstage's form and not needed: Waymark has its own connection.
  const { USER_OAUTH_TOKEN: _token, ...wanted } = secrets;
  const { definition } = await loadGoldenPathVersion(db(), name);
  const started = makesService(definition, await loadStepRegistry(db()))
    ? await createService(ctx, { goldenPath: name, values, secrets: wanted })
    : await runGoldenPath(ctx, { name, values, secrets: wanted });
  return { id: started.run.id };
}

interface TaskStep {
  id: string;
  name: string;
  action: string;
}

export interface Task {
  id: string;
  status: (typeof STATUS)[keyof typeof STATUS];
  createdAt: string;
  lastHeartbeatAt: string | null;
  createdBy: string | null;
  spec: { apiVersion: string; steps: TaskStep[]; output: object; parameters: unknown; user: object; templateInfo: object };
}

const present = (run: Run, input: Record<string, unknown>): Task => ({
  id: run.id,
  status: STATUS[run.status],
  createdAt: run.createdAt,
  lastHeartbeatAt: run.finishedAt ?? run.startedAt,
  createdBy: run.requestedBy ? `user:default/${run.requestedBy.handle}` : null,
  spec: {
    apiVersion: "scaffolder.backstage.io/v1beta3",
    steps: run.steps.map(({ name, title }) => ({ id: name, name: title, action: run.kind })),
    output: {},
    parameters: input.values ?? {},
    user: { ref: run.requestedBy ? `user:default/${run.requestedBy.handle}` : "user:default/waymark" },
    templateInfo: { entityRef: `template:default/${String(input.goldenPath)}` },
  },
});

async function inputOf(on: Connection, id: string): Promise<Record<string, unknown>> {
  const [row] = await on.select({ kind: runs.kind, input: runs.input }).from(runs).where(eq(runs.id, id));
  if (!row || !KINDS.includes(row.kind)) throw new DomainError("not_found", "There is no such task.");
  return row.input;
}

export const readTask = query({
  name: "run.read",
  summary: "A run of a golden path as a task of Backstage's scaffolder.",
  input: z.object({ id: z.string().max(64) }),
  subject: (on, input) => runSubject(on, input.id),
  run: async (on, { id }, ctx): Promise<Task> => present(await getRun(ctx, { id }), await inputOf(on, id)),
});

export const listTasks = query({
  name: "run.list",
  summary: "Runs of golden paths as tasks of Backstage's scaffolder, newest first.",
  input: z.object({
    createdBy: z.union([z.string(), z.array(z.string())]).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    offset: z.coerce.number().int().min(0).default(0),
  }),
  subject: () => null,
  run: async (on, { createdBy, limit, offset }, ctx) => {
    const pages = await Promise.all(KINDS.map((kind) => listRuns(ctx, { kind, limit: 200, ...(createdBy ? { scope: "mine" as const } : {}) })));
    const all = pages.flatMap(({ items }) => items).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    const shown = all.slice(offset, offset + limit);
    return { tasks: await Promise.all(shown.map(async (run) => present(run, await inputOf(on, run.id)))), totalTasks: pages.reduce((sum, { total }) => sum + total, 0) };
  },
});

export interface TaskEvent {
  id: string;
  taskId: string;
  createdAt: string;
  type: "log" | "completion";
  body: Record<string, unknown>;
}

/** What happened in a task after a log line: lines, the state of each step that began, and its end. `after` is the last line that was seen. */
export const readTaskEvents = query({
  name: "run.read",
  summary: "Log lines and the end of a run of a golden path, as events of Backstage's scaffolder.",
  input: z.object({ id: z.string().max(64), after: z.coerce.number().int().min(0).default(0) }),
  subject: (on, input) => runSubject(on, input.id),
  run: async (on, { id, after }, ctx): Promise<{ events: TaskEvent[]; after: number; isOver: boolean }> => {
    await inputOf(on, id);
    const run = await getRun(ctx, { id });
    const { items } = await readRunLog(ctx, { id, after, limit: 1_000 });
    const last = items.at(-1)?.seq ?? after;
    const isOver = run.finishedAt !== null && last >= run.logLines;
    const event = (type: TaskEvent["type"], createdAt: string, body: TaskEvent["body"], seq = last): TaskEvent => ({ id: String(seq), taskId: id, createdAt, type, body });
    const lines = items.map((line) => event("log", line.at, lineBody(line), line.seq));
    const steps = items.length > 0 || isOver ? run.steps.flatMap((step) => stepEvent(step, (body, at) => event("log", at ?? run.createdAt, body))) : [];
    if (!isOver) return { events: [...lines, ...steps], after: last, isOver };
    const failure = run.status === "succeeded" ? {} : { error: { name: "Error", message: run.outcome?.cause ?? run.outcome?.summary ?? "The run did not succeed." } };
    const body = { message: `Run completed with status: ${STATUS[run.status]}`, output: (await readOutput(on, id)) ?? {}, ...failure };
    return { events: [...lines, ...steps, event("completion", run.finishedAt ?? run.createdAt, body)], after: last, isOver };
  },
});

const lineBody = ({ text, step }: LogLine) => ({ message: text, ...(step ? { stepId: step } : {}) });

function stepEvent(step: Run["steps"][number], event: (body: TaskEvent["body"], at: string | null) => TaskEvent): TaskEvent[] {
  const status = STEP_STATUS[step.status];
  return status ? [event({ message: `${step.title}: ${status}`, stepId: step.name, status }, step.finishedAt ?? step.startedAt)] : [];
}
