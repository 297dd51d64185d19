import { and, eq, isNotNull } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { entities, incidents } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { mutation } from "@/lib/core/operation";
import { DeclareIncidentInput, type Incident, LinkIncidentInput, ResolveIncidentInput } from "./contract";
import { markIncidents, presentIncident, recordIncidents } from "./incidents";
import { requireDeployment } from "./named-deployment";
import { teamsOfServices } from "./owner";

const target = (incident: Incident) => ({ type: "incident", id: incident.id, label: incident.title });
const personOf = (ctx: Ctx) => (ctx.actor.type === "user" ? ctx.actor.id : null);

/** The incident with its service's team, for asking who may. Throws not_found. */
export async function incidentSubject(on: Connection, id: string) {
  const [row] = await on.select().from(incidents).where(eq(incidents.id, id));
  if (!row) throw new DomainError("not_found", "There is no such incident.");
  const teamId = (await teamsOfServices(on, [row.service])).get(row.service) ?? row.teamId;
  return { teamId, row };
}

export const declareIncident = mutation({
  name: "incident.declare",
  summary: "Declare an incident on a service; it counts from now, or from the time given.",
  input: DeclareIncidentInput,
  subject: async (on, { service }) => ({ teamId: (await teamsOfServices(on, [service])).get(service) ?? null }),
  run: async (tx, { service, title, severity, environment, openedAt = null, causedBy }, ctx): Promise<Incident> => {
    const at = openedAt ?? ctx.now;
    if (at > ctx.now) throw new DomainError("invalid", "An incident cannot begin in the future.", { fields: [{ path: "openedAt", message: "Choose a time that has passed." }] });
    await requirePresent(tx, service);
    if (causedBy) await requireDeployment(tx, service, causedBy);
    const externalId = newId("incident");
    await recordIncidents(
      tx,
      [{ externalId, service, title, severity, environment: environment || undefined, openedAt: at, causedBy, declaredBy: personOf(ctx) ?? undefined, source: "platform" }],
      ctx.now,
    );
    const [row] = await tx.select().from(incidents).where(eq(incidents.externalId, externalId));
    if (!row) throw new Error("the incident just written is not there");
    return presentIncident(row);
  },
  audit: (_input, incident) => ({ target: target(incident), detail: { service: incident.service, severity: incident.severity } }),
});

/** Throws conflict for a service that has ended. One that the catalog does not know may still run somewhere. */
async function requirePresent(tx: Tx, service: string): Promise<void> {
  const [ended] = await tx
    .select({ title: entities.title })
    .from(entities)
    .where(and(eq(entities.ref, service), isNotNull(entities.goneAt)));
  if (ended) throw new DomainError("conflict", `${ended.title} has ended, so no incident can be declared. Where it still runs, bring it back into the catalog first.`);
}

export const resolveIncident = mutation({
  name: "incident.resolve",
  summary: "Resolve an incident, now or at the time given. Repeatable: the first time counts.",
  input: ResolveIncidentInput,
  subject: (on, { id }) => incidentSubject(on, id),
  run: async (tx, { id, resolvedAt }, ctx, { row }): Promise<Incident & { changed: boolean }> => {
    if (row.resolvedAt) return { ...presentIncident(row), changed: false };
    const at = resolvedAt ?? ctx.now;
    if (at < row.openedAt || at > ctx.now)
      throw new DomainError("invalid", "It can be resolved between its opening and now.", {
        fields: [{ path: "resolvedAt", message: "Choose a time between its opening and now." }],
      });
    const [done] = await tx
      .update(incidents)
      .set({ resolvedAt: at, resolvedBy: personOf(ctx) })
      .where(eq(incidents.id, id))
      .returning();
    await markIncidents(tx, [id]);
    return { ...presentIncident(done ?? row), changed: true };
  },
  audit: (_input, incident) => (incident.changed ? { target: target(incident), detail: { service: incident.service } } : null),
});

export const linkIncident = mutation({
  name: "incident.resolve",
  summary: "Say which deployment caused an incident, or null to have it worked out from the time.",
  input: LinkIncidentInput,
  subject: (on, { id }) => incidentSubject(on, id),
  run: async (tx, { id, causedBy }, _ctx, { row }): Promise<Incident> => {
    if (causedBy) await requireDeployment(tx, row.service, causedBy);
    const [done] = await tx.update(incidents).set({ causedBy }).where(eq(incidents.id, id)).returning();
    await markIncidents(tx, [id]);
    return presentIncident(done ?? row);
  },
  audit: ({ causedBy }, incident) => ({ target: target(incident), detail: { service: incident.service, causedBy } }),
});
