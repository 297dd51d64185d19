import { and, count, desc, eq, isNotNull, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import { deliveryCommits, deliveryDeployments, deliveryPullRequests, incidents } from "@/db/schema";
import { decodeCursor, encodeCursor } from "@/lib/core/cursor";
import { query } from "@/lib/core/operation";
import { CommitListInput, DeploymentListInput, IncidentListInput, PullRequestListInput } from "./contract";
import { presentIncident } from "./incidents";

const after = (cursor: string | undefined, at: AnyPgColumn, id: AnyPgColumn): SQL | undefined => {
  if (!cursor) return undefined;
  const place = decodeCursor(cursor);
  return or(lt(at, place.at), and(eq(at, place.at), lt(id, place.id)));
};

/** The same for rows whose key is made of several columns. */
const afterKey = (cursor: string | undefined, at: AnyPgColumn, key: SQL): SQL | undefined => {
  if (!cursor) return undefined;
  const place = decodeCursor(cursor);
  return or(lt(at, place.at), and(eq(at, place.at), sql`${key} < ${place.id}`));
};

function pageOf<R, T>(rows: R[], limit: number, total: number, place: (row: R) => { at: Date; id: string }, present: (row: R) => T) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(present), nextCursor: rows.length > limit && last ? encodeCursor(place(last)) : null, total };
}

const demo = (column: AnyPgColumn, data: "live" | "demo" | undefined) => (data ? eq(column, data === "demo") : undefined);

export const listDeployments = query({
  name: "deployment.list",
  summary: "Deployments of every tier, newest first, with what each brought to production.",
  input: DeploymentListInput,
  subject: () => null,
  run: async (on, { service, environment, tier, status, data, limit, cursor }) => {
    const d = deliveryDeployments;
    const filter = and(
      service ? eq(d.service, service) : undefined,
      environment ? eq(d.environment, environment) : undefined,
      tier ? eq(d.tier, tier) : undefined,
      status ? eq(d.status, status) : undefined,
      demo(d.isDemo, data),
    );
    const [rows, [total]] = await Promise.all([
      on
        .select()
        .from(d)
        .where(and(filter, after(cursor, d.finishedAt, d.id)))
        .orderBy(desc(d.finishedAt), desc(d.id))
        .limit(limit + 1),
      on.select({ n: count() }).from(d).where(filter),
    ]);
    return pageOf(
      rows,
      limit,
      total?.n ?? 0,
      (row) => ({ at: row.finishedAt, id: row.id }),
      (row) => ({
        id: row.id,
        external_id: row.externalId,
        service: row.service,
        environment: row.environment,
        tier: row.tier,
        status: row.status,
        commit: row.commit,
        repository: row.repository,
        started_at: row.startedAt.toISOString(),
        finished_at: row.finishedAt.toISOString(),
        release_id: row.releaseId,
        paths: row.paths,
        remediates: row.remediates,
        flags: row.flags,
        kind: row.kind,
        attribution: row.attribution,
        changes: row.changes,
        previous_commit: row.previousCommit,
        caused_failure: row.causedFailure,
        recovered_at: row.recoveredAt?.toISOString() ?? null,
        rework: row.isRework,
        source: row.source,
        isDemo: row.isDemo,
      }),
    );
  },
});

export const listCommits = query({
  name: "repository.read",
  summary: "Commits that were reported, newest first. Who wrote them is kept to tell programs from people, and not told again.",
  input: CommitListInput,
  subject: () => null,
  run: async (on, { repository, service, data, limit, cursor }) => {
    const c = deliveryCommits;
    const filter = and(repository ? eq(c.repository, repository) : undefined, service ? eq(c.service, service) : undefined, demo(c.isDemo, data));
    const [rows, [total]] = await Promise.all([
      on
        .select()
        .from(c)
        .where(and(filter, afterKey(cursor, c.committedAt, sql`${c.sha} || ' ' || ${c.repository}`)))
        .orderBy(desc(c.committedAt), sql`${c.sha} || ' ' || ${c.repository} desc`)
        .limit(limit + 1),
      on.select({ n: count() }).from(c).where(filter),
    ]);
    return pageOf(
      rows,
      limit,
      total?.n ?? 0,
      (row) => ({ at: row.committedAt, id: `${row.sha} ${row.repository}` }),
      (row) => ({
        sha: row.sha,
        parents: row.parents,
        repository: row.repository,
        service: row.service,
        authored_at: row.authoredAt.toISOString(),
        committed_at: row.committedAt.toISOString(),
        message: row.subject,
        paths: row.paths,
        isDemo: row.isDemo,
      }),
    );
  },
});

export const listPullRequests = query({
  name: "repository.read",
  summary: "Pull requests that were reported, newest first, without who opened them.",
  input: PullRequestListInput,
  subject: () => null,
  run: async (on, { repository, data, limit, cursor }) => {
    const p = deliveryPullRequests;
    const filter = and(repository ? eq(p.repository, repository) : undefined, demo(p.isDemo, data));
    const [rows, [total]] = await Promise.all([
      on
        .select()
        .from(p)
        .where(and(filter, afterKey(cursor, p.openedAt, sql`${p.repository} || ' ' || ${p.number}`)))
        .orderBy(desc(p.openedAt), sql`${p.repository} || ' ' || ${p.number} desc`)
        .limit(limit + 1),
      on.select({ n: count() }).from(p).where(filter),
    ]);
    return pageOf(
      rows,
      limit,
      total?.n ?? 0,
      (row) => ({ at: row.openedAt, id: `${row.repository} ${row.number}` }),
      (row) => ({
        repository: row.repository,
        number: row.number,
        title: row.title,
        state: row.state,
        opened_at: row.openedAt.toISOString(),
        merged_at: row.mergedAt?.toISOString() ?? null,
        closed_at: row.closedAt?.toISOString() ?? null,
        merge_commit: row.mergeCommit,
        first_authored_at: row.firstAuthoredAt?.toISOString() ?? null,
        isDemo: row.isDemo,
      }),
    );
  },
});

export const listIncidents = query({
  name: "entity.read",
  summary: "Incidents, the newest first.",
  input: IncidentListInput,
  subject: () => null,
  run: async (on, { service, state, data, limit, cursor }) => {
    const filter = and(
      service ? eq(incidents.service, service) : undefined,
      state ? (state === "open" ? isNull(incidents.resolvedAt) : isNotNull(incidents.resolvedAt)) : undefined,
      demo(incidents.isDemo, data),
    );
    const [rows, [total]] = await Promise.all([
      on
        .select()
        .from(incidents)
        .where(and(filter, after(cursor, incidents.openedAt, incidents.id)))
        .orderBy(desc(incidents.openedAt), desc(incidents.id))
        .limit(limit + 1),
      on.select({ n: count() }).from(incidents).where(filter),
    ]);
    return pageOf(rows, limit, total?.n ?? 0, (row) => ({ at: row.openedAt, id: row.id }), presentIncident);
  },
});
