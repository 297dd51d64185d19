import { openStream } from "@/lib/core/http/stream-limit";
import type { Run } from "@/lib/runs/contract";
import { cancelRun, retryRun } from "@/lib/runs/mutations";
import { getRun, listRuns, readRunLog } from "@/lib/runs/queries";
import { waitForRun } from "@/lib/runs/stream";
import { asPerson } from "../as-person";
import { tool } from "../tool";
import { listed } from "../words";

const WAIT_MS = 45_000;
const ID = "The run's id, run_…";
/** What was begun by these takes something away; a person said yes to the first try, not to this one. */
const LOSING_KINDS = ["environment.delete", "service.decommission", "action.run"];

const stateOf = ({ id, status, finishedAt }: Run) =>
  finishedAt ? `${id} has ended: ${status}. Its outcome says what happened and what to do.` : `${id} is ${status}. Call run_wait to wait for it.`;

/** Everything that takes time: creating, deploying, deleting, actions. */
export const RUN_TOOLS = [
  tool(listRuns, { name: "run_list", title: "List runs", defaults: { limit: 10 }, text: listed }),
  tool(getRun, { name: "run_get", title: "Show run", fields: { id: ID }, text: stateOf }),
  tool(getRun, {
    name: "run_wait",
    title: "Wait for run",
    summary: "Wait until a run has ended: its steps and its outcome.",
    hint: `Answers when it has ended, at the latest after ${WAIT_MS / 1_000} seconds; call again while it goes on.`,
    fields: { id: ID },
    text: stateOf,
    read: async ({ ctx, refresh, signal }, { id }) => {
      const release = openStream(ctx);
      return waitForRun(id, WAIT_MS, signal, refresh).finally(release);
    },
  }),
  tool(readRunLog, {
    name: "run_logs",
    title: "Read log of a run",
    fields: { id: ID, after: "Only what came after this sequence number.", step: "Only lines of this step." },
    defaults: { limit: 200 },
    text: ({ items, nextAfter }) => `${items.length} lines${nextAfter === null ? "" : `; the next page begins after ${nextAfter}`}.`,
  }),
  tool(retryRun, {
    name: "run_retry",
    title: "Retry run",
    fields: { id: ID },
    text: ({ id, attempt }) => `${id} goes on, attempt ${attempt}. Call run_wait to wait for it.`,
    loses: async (ctx, { id }) => {
      const run = await asPerson(ctx, (person) => getRun(person, { id }));
      return { effects: () => (run && LOSING_KINDS.includes(run.kind) ? [`“${run.title}” is tried again from its first unfinished step.`] : []) };
    },
  }),
  tool(cancelRun, { name: "run_cancel", title: "Cancel run", fields: { id: ID }, isIdempotent: true, isDestructive: true, text: ({ id }) => `${id} is asked to stop.` }),
];
