import { Environment } from "@/lib/environments/contract";
import { type LogLine, Run } from "@/lib/runs/contract";

const AT = "2026-11-24T10:00:00.000Z";
const LATER = "2026-11-24T10:00:02.500Z";

export const TITLES = { render: "Write the sources", database: "Make the database", start: "Start the process" };

type StepStatus = Run["steps"][number]["status"];

/** An environment as the portal would show it; checked against the contract. */
export function sampleEnvironment(change: Partial<Environment> = {}): Environment {
  return Environment.parse({
    id: "env_0001",
    name: "basket",
    lifetime: "ephemeral",
    tier: "sandbox",
    status: "ready",
    statusReason: null,
    goldenPath: { name: "node-express", version: "1.0.0" },
    testOf: null,
    entityRef: null,
    ref: null,
    owner: "user:default/ada",
    ownerName: "Ada Lind",
    team: "group:default/checkout",
    driver: "local",
    isolation: { level: "bubblewrap", network: "own", limits: "cgroup-v2", gaps: [] },
    url: "http://basket.localhost:3001",
    health: { state: "healthy", checkedAt: AT },
    memoryMiB: 256,
    ttl: "48h",
    createdAt: AT,
    readyAt: LATER,
    expiresAt: "2126-11-26T10:00:00.000Z",
    keptUntil: null,
    deletedAt: null,
    commit: null,
    provisioning: null,
    drift: null,
    isDemo: false,
    ...change,
  } satisfies Environment);
}

/** A run with the given status of each step; checked against the contract. */
export function sampleRun(status: Run["status"], steps: [StepStatus, StepStatus, StepStatus], change: Partial<Run> = {}): Run {
  const isOver = status !== "queued" && status !== "running";
  return Run.parse({
    id: "run_0001",
    kind: "environment.create",
    title: "Create environment basket",
    status,
    environmentId: "env_0001",
    requestedBy: { id: "usr_1", handle: "ada", name: "Ada Lind" },
    team: "group:default/checkout",
    attempt: 1,
    createdAt: AT,
    startedAt: status === "queued" ? null : AT,
    finishedAt: isOver ? LATER : null,
    deadlineAt: "2026-11-24T10:10:00.000Z",
    cancelRequestedAt: null,
    retryUntil: null,
    steps: Object.entries(TITLES).map(([name, title], at) => ({
      name,
      title,
      status: steps[at] ?? "pending",
      attempt: 1,
      startedAt: steps[at] === "pending" ? null : AT,
      finishedAt: steps[at] === "succeeded" || steps[at] === "failed" ? LATER : null,
      usualMs: 800,
    })),
    outcome: null,
    logLines: 0,
    maskedSecrets: 0,
    isDemo: false,
    ...change,
  } satisfies Run);
}

export const line = (seq: number, text = `line ${seq}`): LogLine => ({ seq, at: AT, step: "start", level: "info", text });

/** What happens in a run that goes well, in order. */
export const GOOD_COURSE: (Run | LogLine)[] = [
  sampleRun("queued", ["pending", "pending", "pending"]),
  sampleRun("running", ["running", "pending", "pending"]),
  line(1),
  line(2),
  sampleRun("running", ["succeeded", "running", "pending"]),
  line(3),
  sampleRun("running", ["succeeded", "succeeded", "running"]),
  line(4),
  line(5),
  sampleRun("succeeded", ["succeeded", "succeeded", "succeeded"], { logLines: 5, outcome: { summary: "basket is ready after 2.5 s.", evidence: [] } }),
];

/** One whose last step fails, with an outcome record. */
export const BAD_COURSE: (Run | LogLine)[] = [
  sampleRun("running", ["succeeded", "succeeded", "running"]),
  line(1, "Error: Cannot find module 'expres'"),
  sampleRun("failed", ["succeeded", "succeeded", "failed"], {
    logLines: 1,
    outcome: {
      summary: "basket could not be created.",
      failingStep: "start",
      cause: "The process ended at start: Cannot find module 'expres'.",
      whoCanFix: "team-owner",
      nextAction: "Mend the name in package.json and retry the run.",
      evidence: [{ title: "Last lines", url: "/runs/run_0001?step=start" }],
    },
  }),
];
