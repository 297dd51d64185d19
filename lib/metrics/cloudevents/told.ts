import { and, desc, eq, inArray, like } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { webhookDeliveries } from "@/db/schema";
import { enqueue } from "@/lib/core/jobs";
import { CommitRow, DeploymentRow, IncidentRow, PullRequestRow, Repository } from "../contract";
import { Sha } from "../webhooks/read";
import type { ServiceHint, Told } from "../webhooks/told";
import { CdEvent } from "./cd-event";
import { CloudEvent, type OwnType } from "./envelope";

/** Kind of these deliveries in the log. */
export const CLOUD_EVENTS = "cloudevents";

const OWN: Record<OwnType, (data: unknown) => Told> = {
  "dev.waymark.deployment": (data) => {
    const row = DeploymentRow.parse(data);
    const { external_id: externalId, started_at: startedAt, finished_at: finishedAt, release_id: releaseId, service, tier, ...rest } = row;
    return { deployments: [{ ...rest, externalId, startedAt, finishedAt, releaseId, tier, service: { ref: service }, source: "events" }] };
  },
  "dev.waymark.commit": (data) => {
    const { authored_at: authoredAt, committed_at: committedAt, message = "", ...row } = CommitRow.parse(data);
    return { commits: [{ ...row, authoredAt, committedAt, message }] };
  },
  "dev.waymark.pull-request": (data) => {
    const row = PullRequestRow.parse(data);
    const { opened_at: openedAt, merged_at: mergedAt, closed_at: closedAt, merge_commit: mergeCommit, first_authored_at: firstAuthoredAt, ...rest } = row;
    return { pullRequests: [{ ...rest, openedAt, mergedAt, closedAt, mergeCommit, firstAuthoredAt }] };
  },
  "dev.waymark.incident": (data) => {
    const { external_id: externalId, opened_at: openedAt, resolved_at: resolvedAt, caused_by: causedBy, service, title = "Incident", ...row } = IncidentRow.parse(data);
    return { incidents: [{ ...row, externalId, openedAt, resolvedAt, causedBy, title, service: { ref: service }, source: "events" }] };
  },
};

/** `service.deployed` of `dev.cdevents.service.deployed.0.3.0`; null for other types. */
export const kindOf = (type: string): string | null => /^dev\.cdevents\.([a-z]+\.[a-z]+)\./i.exec(type)?.[1]?.toLowerCase() ?? null;

/** The artifact that an event is about, by which deployments find their commit. */
export function artifactOf(event: CloudEvent): string | null {
  const parsed = CdEvent.safeParse(event.data);
  if (!parsed.success) return null;
  return (kindOf(event.type) === "artifact.packaged" ? parsed.data.subject.id : parsed.data.subject.content.artifactId)?.slice(0, 500) ?? null;
}

/** The services that an event is about, for asking whether the sender may tell of them. */
export function servicesIn(event: CloudEvent): ServiceHint[] {
  const data = event.data as { service?: unknown; repository?: unknown } | null;
  if (event.type.startsWith("dev.waymark."))
    return [{ ref: typeof data?.service === "string" ? data.service : undefined, repository: typeof data?.repository === "string" ? data.repository : undefined }];
  const parsed = CdEvent.safeParse(event.data);
  return parsed.success && /^(service|incident)\./.test(kindOf(event.type) ?? "") ? [serviceOf(parsed.data, kindOf(event.type) ?? "")] : [];
}

/** What a stored CloudEvent says. Throws ZodError. */
export async function toldByCloudEvent(tx: Tx, payload: unknown): Promise<Told> {
  const event = CloudEvent.parse(payload);
  const own = OWN[event.type as OwnType];
  if (own) return own(event.data);
  const kind = kindOf(event.type);
  if (kind === "artifact.packaged") return packaged(tx, event);
  if (kind && ["service.deployed", "service.upgraded", "service.rolledback"].includes(kind)) return deployed(tx, event, kind);
  if (kind && ["incident.detected", "incident.reported", "incident.resolved"].includes(kind)) return incident(CdEvent.parse(event.data), kind);
  return { ignored: `Events of the kind ${event.type.slice(0, 100)} are kept and not used.` };
}

function serviceOf({ subject, customData }: CdEvent, kind: string): ServiceHint {
  const name = customData?.service ?? (kind.startsWith("incident.") ? subject.content.service?.id : subject.id) ?? subject.id;
  return { ref: name.includes(":") && name.includes("/") && !name.includes("://") ? name : undefined, name: name.split("/").at(-1) ?? name };
}

async function deployed(tx: Tx, event: CloudEvent, kind: string): Promise<Told> {
  const data = CdEvent.parse(event.data);
  const { context, subject, customData } = data;
  const change = customData?.commit ? { id: customData.commit, source: customData.repository } : await changeOf(tx, subject.content.artifactId ?? null);
  const commit = Sha.safeParse(change?.id);
  const repository = Repository.safeParse(change?.source ? change.source.replace(/^[a-z0-9.-]+\.[a-z0-9.-]+\//i, "") : undefined);
  if (!commit.success || !repository.success)
    return {
      ignored:
        "It names no commit: waits for artifact.packaged of its artifact, with a change whose id is the commit and whose source is the repository. Or send customData {commit, repository}.",
    };
  const environment = (subject.content.environment?.id ?? "production").slice(0, 100);
  const at = context.timestamp;
  return {
    deployments: [
      {
        externalId: `${context.source} ${context.id}`.slice(0, 200),
        service: serviceOf(data, kind),
        environment,
        status: "success",
        commit: commit.data,
        repository: repository.data,
        startedAt: at,
        finishedAt: at,
        flags: kind === "service.rolledback" ? ["rework"] : [],
        source: "events",
      },
    ],
  };
}

/** The change that an artifact was packaged from, as an earlier event told. */
async function changeOf(tx: Tx, artifact: string | null): Promise<{ id: string; source?: string | null | undefined } | null> {
  if (!artifact) return null;
  const d = webhookDeliveries;
  const [row] = await tx
    .select({ body: d.body })
    .from(d)
    .where(and(eq(d.type, CLOUD_EVENTS), eq(d.about, artifact), like(d.event, "dev.cdevents.artifact.packaged.%")))
    .orderBy(desc(d.receivedAt))
    .limit(1);
  return row ? (CdEvent.parse((JSON.parse(row.body) as { data: unknown }).data).subject.content.change ?? null) : null;
}

/** Now that the commit of an artifact is known, deployments of it that came first are worked on again. */
async function packaged(tx: Tx, event: CloudEvent): Promise<Told> {
  const artifact = artifactOf(event);
  const d = webhookDeliveries;
  const waiting = artifact
    ? await tx
        .update(d)
        .set({ status: "received", result: null })
        .where(and(eq(d.type, CLOUD_EVENTS), eq(d.about, artifact), like(d.event, "dev.cdevents.service.%"), inArray(d.status, ["ignored", "received"])))
        .returning({ id: d.id })
    : [];
  for (const { id } of waiting) await enqueue(tx, "webhook.received", { deliveryId: id }, { jobKey: `webhook.received:${id}` });
  return { ignored: waiting.length ? `It tells the commit of ${waiting.length} deployments that came first.` : "Kept: it tells the commit of deployments of this artifact." };
}

function incident(data: CdEvent, kind: string): Told {
  const { context, subject, customData } = data;
  const environment = subject.content.environment?.id;
  const severity = (["critical", "high", "medium", "low"] as const).find((one) => one === customData?.severity) ?? "high";
  return {
    incidents: [
      {
        externalId: subject.id.slice(0, 200),
        service: serviceOf(data, kind),
        title: (subject.content.description || "Incident").slice(0, 200),
        severity,
        ...(environment ? { environment: environment.slice(0, 100) } : {}),
        openedAt: context.timestamp,
        resolvedAt: kind === "incident.resolved" ? context.timestamp : null,
        source: "events",
      },
    ],
  };
}
