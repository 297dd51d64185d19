import { sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import type { Actor } from "@/lib/core/actor";
import type { DataKind, Metric, MetricGrain, MetricName, MetricPoint, MetricSummary } from "./contract";
import { type Counters, NO_COUNTERS, readCounters, total } from "./counters";
import { DEFINITIONS } from "./definitions";
import { frequencyGap, leadTimeGap } from "./insufficient";
import { NO_LEADS, readLeads } from "./leads";
import { type Node, within } from "./node";
import { readAdopted, readDoors, readObjective, readProvisioned } from "./platform-figures";
import { readRecoveries } from "./recoveries";
import { readRules } from "./rules";
import { isTooSmall, TOO_FEW_AUTHORS } from "./smallest-group";
import { compare, rateInterval, shareInterval } from "./statistics";
import { ORGANISATION } from "./tree";
import { addDays, bucketsOf, dayOf, daysBetween, previousOf, startOfDay, type Window } from "./window";

export interface Question {
  node: Node;
  data: DataKind;
  window: Window;
  grain: MetricGrain;
  now: Date;
  /** Who reads it: figures about too few people are withheld from all but their own team. */
  actor: Actor;
}

interface Facts extends Question {
  on: Connection;
  isDemo: boolean;
  today: string;
  /** First day with a production deployment ever; null when there was none. */
  firstDay: string | null;
  counters: Map<string, Counters>;
  before: Counters;
}

interface Answer {
  summary: MetricSummary;
  point: (bucket: { from: string; to: string }, counters: Counters) => Omit<MetricPoint, "from" | "to" | "partial">;
}

const ANSWERS: Record<MetricName, (facts: Facts) => Promise<Answer> | Answer> = {
  "lead-time": leadTime,
  "deployment-frequency": frequency,
  "change-fail-rate": (facts) => share(facts, (counters) => counters.failures),
  "rework-rate": (facts) => share(facts, (counters) => counters.rework),
  "recovery-time": recoveryTime,
  adoption,
  "provisioning-time": provisioning,
};

/** One metric of one node over a window: headline, the period before, and one value per bucket. */
export async function readMetric(on: Connection, metric: MetricName, question: Question): Promise<Metric> {
  const { node, data, window, grain, now } = question;
  const isDemo = data === "demo";
  const today = dayOf(now, window.timeZone);
  const [counters, before, firstDay] = await Promise.all([
    readCounters(on, node, isDemo, window, grain),
    readCounters(on, node, isDemo, previousOf(window), "week"),
    firstProductionDay(on, node, isDemo),
  ]);
  const facts = { ...question, on, isDemo, today, firstDay, counters, before: total(before.values()) };
  const { summary, point } = await ANSWERS[metric](facts);
  const moment = (day: string) => startOfDay(day, window.timeZone).toISOString();
  return {
    metric,
    unit: DEFINITIONS[metric].unit,
    node: node.ref,
    data,
    grain,
    window: { from: moment(window.from), to: moment(window.to), timeZone: window.timeZone },
    summary,
    series: bucketsOf(window, grain, today).map(({ from, to, partial }) => ({
      from: moment(from),
      to: moment(to),
      partial,
      ...point({ from, to }, counters.get(from) ?? NO_COUNTERS),
    })),
    definition: DEFINITIONS[metric].formula,
  };
}

async function firstProductionDay(on: Connection, node: Node, isDemo: boolean): Promise<string | null> {
  const [row] =
    node.type === "service"
      ? await on.execute<{ day: string | null }>(
          sql`select min(day)::text as day from delivery_service_days where service = ${node.ref} and is_demo = ${isDemo} and deployments > 0`,
        )
      : await on.execute<{ day: string | null }>(sql`
          select min(start)::text as day from delivery_node_sums where node = ${node.type === "org" ? ORGANISATION : node.teamId} and is_demo = ${isDemo} and grain = 'day' and deployments > 0`);
  return row?.day ?? null;
}

const previousMoments = (window: Window) => {
  const { from, to, timeZone } = previousOf(window);
  return { from: startOfDay(from, timeZone).toISOString(), to: startOfDay(to, timeZone).toISOString() };
};

/** Nobody has sent the commits that lead to what they deployed. */
const unlinked = (n: number) => (n === 1 ? "deployment with unknown commits" : "deployments with unknown commits");

async function leadTime({ on, node, isDemo, window, grain, counters, before, firstDay, actor }: Facts): Promise<Answer> {
  const sum = total(counters.values());
  if (sum.changes > 0 && (await isTooSmall(on, node, isDemo, window.to, actor))) return withheld(sum.changes);
  const [now, past] = await Promise.all([readLeads(on, node, isDemo, window, grain, sum.changes), readLeads(on, node, isDemo, previousOf(window), "week", before.changes)]);
  const gap = leadTimeGap(sum, firstDay !== null);
  const { n, median, p75, p90, low, high } = now.whole;
  const summary: MetricSummary = { value: median, n, median, p75, p90, low, high, ...(now.approximate ? { approximate: true } : {}), ...(gap ? { insufficient: gap } : {}) };
  const leftOut = [
    { what: sum.botChanges === 1 ? "change by bots" : "changes by bots", n: sum.botChanges },
    { what: unlinked(sum.unlinked), n: sum.unlinked },
  ].filter((one) => one.n > 0);
  if (leftOut.length) summary.leftOut = leftOut;
  if (past.whole.median !== null) {
    summary.previous = { value: past.whole.median, n: past.whole.n, ...previousMoments(window) };
    if (median !== null) summary.verdict = compare(intervalOf(now.whole), intervalOf(past.whole), true);
  }
  return {
    summary,
    point: ({ from }, bucket) => {
      const leads = now.buckets.get(from) ?? NO_LEADS;
      const missing = leads.n === 0 ? leadTimeGap(bucket, firstDay !== null) : null;
      return { value: leads.median, n: leads.n, median: leads.median, p75: leads.p75, p90: leads.p90, ...(missing ? { insufficient: missing } : {}) };
    },
  };
}

/** How many changes there were, and nothing of how long they took. */
function withheld(n: number): Answer {
  return {
    summary: { value: null, n, insufficient: TOO_FEW_AUTHORS },
    point: (_, bucket) => ({ value: null, n: bucket.changes, ...(bucket.changes ? { insufficient: TOO_FEW_AUTHORS } : {}) }),
  };
}

const intervalOf = ({ median, low, high }: { median: number | null; low: number | null; high: number | null }) => ({ value: median ?? 0, low: low ?? 0, high: high ?? 0 });

const earlier = (a: string, b: string) => [a, b].sort()[0] ?? a;
const later = (a: string, b: string) => [a, b].sort()[1] ?? a;

function frequency({ window, today, counters, before, firstDay }: Facts): Answer {
  // A day that has not come cannot have had a deployment; a bucket before the first one of all is a gap, not a zero.
  const until = earlier(window.to, addDays(today, 1));
  const known = firstDay !== null && firstDay < window.to;
  const since = known ? later(firstDay, window.from) : window.from;
  const days = (from: string, to: string) => daysBetween(later(from, since), earlier(to, until));
  const whole = days(window.from, window.to);
  const sum = total(counters.values());
  const gap = known ? null : frequencyGap(firstDay !== null && firstDay < window.to);
  const summary: MetricSummary = {
    value: known && whole > 0 ? sum.deployments / whole : null,
    n: sum.deployments,
    count: sum.deployments,
    deploymentDays: sum.deploymentDays,
    failedAttempts: sum.failedAttempts,
    ...(known ? { days: whole } : {}),
    ...(known && firstDay > window.from ? { since: firstDay } : {}),
    ...(gap ? { insufficient: gap } : {}),
  };
  const past = previousOf(window);
  if (known && whole > 0) {
    const interval = rateInterval(sum.deployments, whole);
    Object.assign(summary, { low: interval.low, high: interval.high });
    if (firstDay <= past.from) {
      const pastDays = daysBetween(past.from, past.to);
      summary.previous = { value: before.deployments / pastDays, n: before.deployments, ...previousMoments(window) };
      summary.verdict = compare(interval, rateInterval(before.deployments, pastDays), false);
    }
  }
  return {
    summary,
    point: ({ from, to }, bucket) => {
      const length = days(from, to);
      const unknown = firstDay === null || to <= firstDay || length <= 0;
      const { deployments: count, deploymentDays, failedAttempts, rework } = bucket;
      return { value: unknown ? null : count / length, n: count, count, deploymentDays, failedAttempts, rework };
    },
  };
}

function share({ window, counters, before, firstDay }: Facts, part: (counters: Counters) => number, lowerIsBetter = true): Answer {
  const of = (sum: Counters) => (sum.deployments > 0 ? shareInterval(part(sum), sum.deployments) : null);
  const sum = total(counters.values());
  const [now, past] = [of(sum), of(before)];
  const summary: MetricSummary = { value: now?.value ?? null, n: sum.deployments, count: part(sum), low: now?.low ?? null, high: now?.high ?? null };
  if (!now) summary.insufficient = firstDay === null ? (frequencyGap(false) ?? "") : "No production deployment in this period.";
  if (past) summary.previous = { value: past.value, n: before.deployments, ...previousMoments(window) };
  if (now && past) summary.verdict = compare(now, past, lowerIsBetter);
  const point = (_: unknown, bucket: Counters) => {
    const found = of(bucket);
    return { value: found?.value ?? null, n: bucket.deployments, count: part(bucket), low: found?.low ?? null, high: found?.high ?? null };
  };
  return { summary, point };
}

async function recoveryTime({ on, node, isDemo, window, grain, counters, before }: Facts): Promise<Answer> {
  const where = within(node);
  const [now, past] = await Promise.all([
    readRecoveries(on, where, isDemo, window, grain, total(counters.values()).failures),
    readRecoveries(on, where, isDemo, previousOf(window), grain, before.failures),
  ]);
  const { n, median, p90, open } = now.whole;
  const summary: MetricSummary = { value: median, n, median, p90, count: n + open, ...(now.approximate ? { approximate: true } : {}) };
  if (median === null) summary.insufficient = open > 0 ? "Every failed deployment of this period is still unrecovered." : "No failed deployment in this period.";
  if (past.whole.median !== null) summary.previous = { value: past.whole.median, n: past.whole.n, ...previousMoments(window) };
  return {
    summary,
    point: ({ from }) => {
      const bucket = now.buckets.get(from);
      return { value: bucket?.median ?? null, n: bucket?.n ?? 0, median: bucket?.median ?? null, p90: bucket?.p90 ?? null };
    },
  };
}

async function adoption(facts: Facts): Promise<Answer> {
  const { on, node, isDemo, counters, window } = facts;
  const [known, doors] = await Promise.all([readAdopted(on, isDemo, within(node)), readDoors(on, node, window)]);
  const of = (whole: number) => (known.outside ? whole : null);
  const parts = [
    { what: "services", through: known.throughServices, of: of(known.services) },
    { what: "environments", through: known.throughEnvironments, of: of(known.environments) },
    { what: "repositories", through: known.throughRepositories, of: of(known.repositories) },
  ];
  const { summary, point } = share(facts, ({ through }) => through, false);
  if (known.outside) return { summary: { ...summary, parts, doors }, point };
  const { through, deployments } = total(counters.values());
  const insufficient =
    deployments === 0
      ? "No production deployment in this period."
      : `Only the count: ${through} through Waymark. No webhook and no event tells of deployments made elsewhere, so the whole is not known. Add a source under Webhooks.`;
  return {
    summary: { value: null, n: deployments, count: through, parts, doors, insufficient },
    point: (_, bucket) => ({ value: null, n: bucket.deployments, count: bucket.through }),
  };
}

async function provisioning({ on, node, isDemo, window, grain }: Facts): Promise<Answer> {
  const { rules } = await readRules(on);
  const [now, past, objective] = await Promise.all([
    readProvisioned(on, node, isDemo, window, grain),
    readProvisioned(on, node, isDemo, previousOf(window), grain),
    readObjective(on, node, isDemo, window, rules),
  ]);
  const none = { n: 0, failed: 0, median: null, p90: null };
  const whole = now.get("whole") ?? none;
  const before = past.get("whole") ?? none;
  const summary: MetricSummary = { value: whole.median, n: whole.n, median: whole.median, p90: whole.p90, objective };
  if (whole.failed) summary.leftOut = [{ what: "that never became usable", n: whole.failed }];
  if (whole.median === null) summary.insufficient = whole.failed ? "No environment of this period became usable." : "Nobody asked for an environment in this period.";
  if (before.median !== null) summary.previous = { value: before.median, n: before.n, ...previousMoments(window) };
  return {
    summary,
    point: ({ from }) => {
      const { n, median, p90 } = now.get(from) ?? none;
      return { value: median, n, median, p90 };
    },
  };
}
