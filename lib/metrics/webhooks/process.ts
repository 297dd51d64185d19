import { and, desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { db, type Tx } from "@/db/client";
import { deliveryDeployments, incidents, repositoryPushes, webhookDeliveries } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { recordPush } from "@/lib/repositories/mutations";
import { findRepository } from "@/lib/repositories/queries";
import { CLOUD_EVENTS, toldByCloudEvent } from "../cloudevents/told";
import { isAhead, type WebhookType } from "../contract";
import type { IncidentFact } from "../facts";
import { recordIncidents } from "../incidents";
import { serviceOfRepository } from "../owner";
import { recordPullRequests } from "../pull-requests";
import { recordCommits, recordDeployments } from "../record";
import { readRules, tierBy } from "../rules";
import type { Rules } from "../rules-shape";
import { toldByAlerts } from "./alerts";
import { toldByArgocd } from "./argocd";
import { faultsInWords } from "./faults";
import { toldByGithub } from "./github-events";
import { toldByPagerduty } from "./pagerduty";
import { type PushedRef, serviceMeant, type Told } from "./told";

const KEPT_DAYS = 90;

/** Works on one stored delivery; repeatable, a second time changes no figure. What cannot be read is marked as failed and stays for a look. */
export async function processDelivery(deliveryId: string): Promise<void> {
  const now = await databaseNow();
  const [row] = await db().select().from(webhookDeliveries).where(eq(webhookDeliveries.id, deliveryId));
  if (!row) return;
  try {
    const payload: unknown = withoutNul(JSON.parse(row.body));
    await db().transaction(async (tx) => {
      const { rules } = await readRules(tx);
      const told = row.type === CLOUD_EVENTS ? await toldByCloudEvent(tx, payload) : TOLD_BY[row.type as WebhookType](row.event, payload, rules);
      const result = await apply(tx, told, rules, now);
      await tx
        .update(webhookDeliveries)
        .set({ ...result, processedAt: now })
        .where(eq(webhookDeliveries.id, deliveryId));
    });
  } catch (error) {
    const unreadable = error instanceof z.ZodError || error instanceof SyntaxError || error instanceof RangeError;
    const result = unreadable ? `Not what ${NAMES[row.type] ?? row.type} sends: ${faultsInWords(error)}` : "Something failed here; it is tried again by itself.";
    await db().update(webhookDeliveries).set({ status: "failed", result, processedAt: now }).where(eq(webhookDeliveries.id, deliveryId));
    if (!unreadable) throw error;
  }
}

const TOLD_BY: Record<WebhookType, (event: string, payload: unknown, rules: Rules) => Told> = {
  github: toldByGithub,
  pagerduty: (_event, payload) => toldByPagerduty(payload),
  alertmanager: (_event, payload, rules) => toldByAlerts(payload, "alertmanager", rules),
  grafana: (_event, payload, rules) => toldByAlerts(payload, "grafana", rules),
  argocd: (_event, payload) => toldByArgocd(payload),
};
const NAMES: Record<string, string> = {
  github: "GitHub",
  pagerduty: "PagerDuty",
  alertmanager: "Alertmanager",
  grafana: "Grafana",
  argocd: "the template for Argo CD",
  [CLOUD_EVENTS]: "a CloudEvent",
};

function withoutNul(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll("\\u0000", ""));
}

/** Throws RangeError for what is said to have happened in the future: it would move every figure's end there. */
function requirePast({ deployments = [], incidents: told = [] }: Told, now: Date): void {
  const ahead = [...deployments.map((one) => one.finishedAt), ...told.flatMap((one) => [one.openedAt, one.resolvedAt])].find((at) => isAhead(at, now));
  if (ahead) throw new RangeError(`${ahead.toISOString()} lies in the future. Set the sender's clock, then replay this delivery.`);
}

async function apply(tx: Tx, told: Told, rules: Rules, now: Date): Promise<{ status: "processed" | "ignored"; result: string }> {
  requirePast(told, now);
  if (told.ignored) return { status: "ignored", result: told.ignored };
  const said: string[] = [];
  for (const { service: hint, ...fact } of told.deployments ?? [])
    said.push(await applyDeployment(tx, { ...fact, tier: fact.tier ?? tierBy(rules, fact.environment), service: await serviceMeant(tx, hint) }, now));
  if (told.commits?.length) {
    const repository = told.commits[0]?.repository ?? "";
    const service = await serviceOfRepository(tx, repository);
    await recordCommits(
      tx,
      told.commits.map((commit) => ({ service, ...commit })),
      now,
    );
    said.push(`${told.commits.length} commits of ${repository}.`);
  }
  for (const pull of told.pullRequests ?? []) {
    await recordPullRequests(tx, [pull], now);
    said.push(`Pull request ${pull.number} of ${pull.repository}, ${pull.state}.`);
  }
  for (const { service: hint, ...fact } of told.incidents ?? []) said.push(await applyIncident(tx, { ...fact, service: await serviceMeant(tx, hint) }, now));
  if (told.push) said.push(await applyPush(tx, told.push.repository, told.push, now));
  return { status: "processed", result: said.filter(Boolean).join(" ").slice(0, 2_000) || "Nothing new." };
}

/** Senders tell the end in any order and may tell several: the latest holds. */
async function applyIncident(tx: Tx, fact: IncidentFact, now: Date): Promise<string> {
  const [known] = await tx
    .select({ resolvedAt: incidents.resolvedAt, openedAt: incidents.openedAt })
    .from(incidents)
    .where(and(eq(incidents.service, fact.service), eq(incidents.externalId, fact.externalId)));
  const ends = [known?.resolvedAt, fact.resolvedAt].flatMap((at) => (at ? [at.getTime()] : []));
  const resolvedAt = ends.length ? new Date(Math.max(...ends)) : null;
  const openedAt = known && known.openedAt < fact.openedAt ? known.openedAt : fact.openedAt;
  await recordIncidents(tx, [{ ...fact, openedAt, resolvedAt }], now);
  return `Incident of ${fact.service}, ${resolvedAt ? "resolved" : "open"}.`;
}

async function applyDeployment(tx: Tx, fact: Parameters<typeof recordDeployments>[1][number], now: Date): Promise<string> {
  const d = deliveryDeployments;
  const [known] = await tx
    .select({ finishedAt: d.finishedAt })
    .from(d)
    .where(and(eq(d.service, fact.service), eq(d.environment, fact.environment), eq(d.externalId, fact.externalId)));
  // Statuses arrive in any order: the one that happened last counts.
  if (known && known.finishedAt > fact.finishedAt) return "An older status than the one known.";
  await recordDeployments(tx, [fact], now);
  return `Deployment of ${fact.service} to ${fact.environment}, ${fact.status}.`;
}

/** Has a push to a repository that is known here followed by what follows pushes. The same push again does nothing. */
async function applyPush(tx: Tx, name: string, push: PushedRef, now: Date): Promise<string> {
  const [owner = "", repo = ""] = name.split("/");
  const repository = await findRepository(tx, { owner, name: repo });
  if (!repository) return "The repository is not in Waymark: only its commits are kept.";
  const p = repositoryPushes;
  const before = /^0+$/.test(push.before) ? null : push.before;
  const earlier = await tx
    .select({ before: p.before, after: p.after })
    .from(p)
    .where(and(eq(p.repositoryId, repository.id), eq(p.ref, push.ref)))
    .orderBy(desc(p.createdAt), desc(p.id))
    .limit(200);
  const isRepeat = earlier.some((one) => one.before === before && one.after === push.after) && earlier[0]?.after !== before;
  if (isRepeat) return "This push is known.";
  await recordPush(tx, { repositoryId: repository.id, ref: push.ref, before, after: push.after, pushedBy: null, now });
  return `Push to ${push.ref.replace("refs/heads/", "")}.`;
}

const FORGET_AT_ONCE = 1_000;

/** Deletes deliveries older than 90 days, a part at a time, so that no statement holds much. Returns how many. */
export async function forgetOldDeliveries(): Promise<number> {
  const before = new Date((await databaseNow()).getTime() - KEPT_DAYS * 86_400_000);
  for (let gone = 0; ; ) {
    const rows = await db().execute(sql`
      delete from webhook_deliveries where id in (select id from webhook_deliveries where received_at < ${before.toISOString()}::timestamptz order by received_at limit ${FORGET_AT_ONCE}) returning 1`);
    gone += rows.length;
    if (rows.length < FORGET_AT_ONCE) return gone;
  }
}
