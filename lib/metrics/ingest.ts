import { DomainError, type FieldError } from "@/lib/core/errors";
import { mutation } from "@/lib/core/operation";
import { CommitRow, DeploymentRow, IncidentRow, isAhead, PullRequestRow, rowsOf } from "./contract";
import { existingIncidents, recordIncidents } from "./incidents";
import { recordPullRequests } from "./pull-requests";
import { recordCommits, recordDeployments } from "./record";
import { readRules, tierBy } from "./rules";
import { requireTeams, teamsOfRows } from "./sender";

// Each takes many rows, keeps all or none, and is repeatable. A row of a service that the catalog does not know is kept and shown as such.

/** Throws DomainError("invalid") for moments that lie in the future by more than a wrong time zone explains. */
function requirePast<T>(items: T[], moments: { [path: string]: (row: T) => Date | null | undefined }, now: Date): void {
  const fields: FieldError[] = items.flatMap((row, index) =>
    Object.entries(moments).flatMap(([path, of]) =>
      isAhead(of(row), now) ? [{ path: `items.${index}.${path}`, message: "The time lies in the future. Check the sender's clock." }] : [],
    ),
  );
  if (fields[0]) throw new DomainError("invalid", `${fields[0].path}: ${fields[0].message}`, { fields: fields.slice(0, 20) });
}

const accepted = (n: number) => ({ accepted: n });
const about = (type: string, id: string, rows: number, services: string[]) => ({
  target: { type, id, label: id },
  detail: { rows, services: [...new Set(services)].slice(0, 20) },
});

export const ingestDeployments = mutation({
  name: "event.ingest",
  summary: "Report deployments, one or an array. A repeat with the same service, environment and external_id changes nothing; a correction replaces.",
  input: rowsOf(DeploymentRow),
  subject: (on, { items }, ctx) => teamsOfRows(on, items, ctx),
  run: async (tx, { items }, ctx, { teams }) => {
    requireTeams(ctx, "event.ingest", teams);
    const { rules } = await readRules(tx);
    requirePast(items, { started_at: (row) => row.started_at, finished_at: (row) => row.finished_at }, ctx.now);
    const facts = items.map((row) => ({
      externalId: row.external_id,
      service: row.service,
      environment: row.environment,
      tier: row.tier ?? tierBy(rules, row.environment),
      status: row.status,
      commit: row.commit,
      repository: row.repository,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      releaseId: row.release_id,
      paths: row.paths,
      remediates: row.remediates,
      flags: row.flags,
      source: "api" as const,
    }));
    await recordDeployments(tx, facts, ctx.now);
    return accepted(items.length);
  },
  audit: ({ items }) =>
    about(
      "deployment",
      items[0]?.external_id ?? "",
      items.length,
      items.map((row) => row.service),
    ),
});

export const ingestCommits = mutation({
  name: "event.ingest",
  summary: "Report commits with their parents, one or an array, in any order and any number of times.",
  input: rowsOf(CommitRow),
  subject: (on, { items }, ctx) => teamsOfRows(on, items, ctx),
  run: async (tx, { items }, ctx, { teams }) => {
    requireTeams(ctx, "event.ingest", teams);
    requirePast(items, { authored_at: (row) => row.authored_at, committed_at: (row) => row.committed_at }, ctx.now);
    const facts = items.map((row) => ({
      sha: row.sha,
      parents: row.parents,
      repository: row.repository,
      service: row.service,
      authoredAt: row.authored_at,
      committedAt: row.committed_at,
      author: row.author,
      message: row.message ?? "",
      paths: row.paths,
    }));
    await recordCommits(tx, facts, ctx.now);
    return accepted(items.length);
  },
  audit: ({ items }) =>
    about(
      "commit",
      items[0]?.sha ?? "",
      items.length,
      items.map((row) => row.service ?? row.repository),
    ),
});

export const ingestPullRequests = mutation({
  name: "event.ingest",
  summary: "Report pull requests, one or an array. A squash-merged one moves the start of its commit's lead time to its oldest commit.",
  input: rowsOf(PullRequestRow),
  subject: (on, { items }, ctx) => teamsOfRows(on, items, ctx),
  run: async (tx, { items }, ctx, { teams }) => {
    requireTeams(ctx, "event.ingest", teams);
    requirePast(items, { opened_at: (row) => row.opened_at, merged_at: (row) => row.merged_at, first_authored_at: (row) => row.first_authored_at }, ctx.now);
    const facts = items.map(({ merge_commit: mergeCommit, first_authored_at: firstAuthoredAt, opened_at: openedAt, merged_at: mergedAt, closed_at: closedAt, ...row }) => ({
      ...row,
      openedAt,
      mergedAt,
      closedAt,
      mergeCommit,
      firstAuthoredAt,
    }));
    await recordPullRequests(tx, facts, ctx.now);
    return accepted(items.length);
  },
  audit: ({ items }) =>
    about(
      "pull-request",
      String(items[0]?.number ?? ""),
      items.length,
      items.map((row) => row.repository),
    ),
});

export const ingestIncidents = mutation({
  name: "incident.declare",
  summary: "Report incidents, one or an array. Opening may be reported by anybody, resolving by the service's team.",
  input: rowsOf(IncidentRow),
  subject: (on, { items }, ctx) => teamsOfRows(on, items, ctx),
  run: async (tx, { items }, ctx, { teams }) => {
    const known = await existingIncidents(tx, items);
    // Whoever changes what is there, or closes it, acts for the team; a new open one may come from anybody.
    const acts = items.flatMap((row, index) => (row.resolved_at || known.has(`${row.service} ${row.external_id}`) ? [teams[index]] : []));
    requireTeams(
      ctx,
      "incident.resolve",
      acts.flatMap((team) => team ?? []),
    );
    requirePast(items, { opened_at: (row) => row.opened_at, resolved_at: (row) => row.resolved_at }, ctx.now);
    const declaredBy = ctx.actor.type === "user" ? ctx.actor.id : undefined;
    const facts = items.map((row) => ({
      externalId: row.external_id,
      service: row.service,
      title: row.title ?? row.external_id,
      severity: row.severity,
      environment: row.environment,
      openedAt: row.opened_at,
      resolvedAt: row.resolved_at,
      causedBy: row.caused_by,
      declaredBy,
      source: "api" as const,
    }));
    await recordIncidents(tx, facts, ctx.now);
    return accepted(items.length);
  },
  audit: ({ items }) =>
    about(
      "incident",
      items[0]?.external_id ?? "",
      items.length,
      items.map((row) => row.service),
    ),
});
