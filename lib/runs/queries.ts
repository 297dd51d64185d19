import "server-only";
import { and, asc, count, desc, eq, gt, ilike, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { runLogLines, runs } from "@/db/schema";
import { ownTeamIds } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/ctx";
import { decodeCursor, encodeCursor } from "@/lib/core/cursor";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { teamsWithin } from "@/lib/core/policy";
import { LogInput, type LogLine, type Run, RunId, RunListInput } from "./contract";
import { presentRun, readRun, selectRuns, stepsOf } from "./read";

/** The run's team and requester for authorization. Throws not_found. */
export async function runSubject(on: Connection, id: string) {
  const [row] = await on.select({ teamId: runs.teamId, ownerId: runs.requestedBy }).from(runs).where(eq(runs.id, id));
  if (!row) throw new DomainError("not_found", "There is no such run.");
  return row;
}

export const getRun = query({
  name: "run.read",
  summary: "One run with its steps and outcome.",
  input: RunId,
  subject: (on, input) => runSubject(on, input.id),
  run: (on, { id }) => readRun(on, id),
});

function visible(ctx: Ctx): SQL | undefined {
  const reach = teamsWithin(ctx.actor, "run.read");
  return reach === "all" ? undefined : reach.length ? inArray(runs.teamId, reach) : sql`false`;
}

function scoped(ctx: Ctx, scope: "mine" | "team" | "all" | undefined): SQL | undefined {
  if (ctx.actor.type !== "user" || !scope || scope === "all") return undefined;
  if (scope === "mine") return eq(runs.requestedBy, ctx.actor.id);
  const ids = ownTeamIds(ctx.actor);
  return ids.length ? inArray(runs.teamId, ids) : sql`false`;
}

export const listRuns = query({
  name: "run.list",
  summary: "Runs you may see, newest first.",
  input: RunListInput,
  subject: () => null,
  run: async (on, input, ctx): Promise<{ items: Run[]; nextCursor: string | null; total: number }> => {
    const filter = and(
      visible(ctx),
      scoped(ctx, input.scope),
      input.status ? eq(runs.status, input.status) : undefined,
      input.kind ? eq(runs.kind, input.kind) : undefined,
      input.environmentId ? eq(runs.environmentId, input.environmentId) : undefined,
    );
    const after = input.cursor ? decodeCursor(input.cursor) : null;
    const page = after ? or(lt(runs.createdAt, after.at), and(eq(runs.createdAt, after.at), lt(runs.id, after.id))) : undefined;
    const [rows, [totals]] = await Promise.all([
      selectRuns(on)
        .where(and(filter, page))
        .orderBy(desc(runs.createdAt), desc(runs.id))
        .limit(input.limit + 1),
      on.select({ n: count() }).from(runs).where(filter),
    ]);
    const shown = rows.slice(0, input.limit);
    const last = shown.at(-1)?.run;
    const steps = await stepsOf(
      on,
      shown.map(({ run }) => run.id),
    );
    return {
      items: shown.map((row) => presentRun(row, steps.get(row.run.id) ?? [])),
      nextCursor: rows.length > input.limit && last ? encodeCursor({ at: last.createdAt, id: last.id }) : null,
      total: totals?.n ?? 0,
    };
  },
});

export const readRunLog = query({
  name: "run.read",
  summary: "Log lines of a run after a sequence number, oldest first.",
  input: LogInput,
  subject: (on, input) => runSubject(on, input.id),
  run: async (on, input): Promise<{ items: LogLine[]; nextAfter: number | null }> => {
    const rows = await on
      .select()
      .from(runLogLines)
      .where(and(eq(runLogLines.runId, input.id), gt(runLogLines.seq, input.after), input.step ? eq(runLogLines.step, input.step) : undefined))
      .orderBy(asc(runLogLines.seq))
      .limit(input.limit);
    const items = rows.map(({ seq, at, step, level, text }) => ({ seq, at: at.toISOString(), step, level, text }));
    return { items, nextAfter: items.length === input.limit ? (items.at(-1)?.seq ?? null) : null };
  },
});

export const searchRuns = query({
  name: "search",
  summary: "Runs whose title or id contains a text.",
  input: z.strictObject({ q: z.string().max(100), limit: z.coerce.number().int().min(1).max(50).default(5) }),
  subject: () => null,
  run: async (on, input, ctx) => {
    const pattern = `%${input.q.replace(/[%_\\]/g, "\\$&")}%`;
    const rows = await on
      .select({ id: runs.id, title: runs.title, status: runs.status })
      .from(runs)
      .where(and(visible(ctx), or(ilike(runs.title, pattern), eq(runs.id, input.q))))
      .orderBy(desc(runs.createdAt))
      .limit(input.limit);
    return { items: rows };
  },
});

export const runScope = query({
  name: "run.read",
  summary: "Whose run it is, for asking what the reader may do with it.",
  input: RunId,
  subject: (on, input) => runSubject(on, input.id),
  run: async (_on, _input, _ctx, subject) => subject,
});
