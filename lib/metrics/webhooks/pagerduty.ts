import { z } from "zod";
import { severityOf, Text, Time } from "./read";
import type { Told } from "./told";

const Event = z.object({
  event: z.object({
    id: Text.min(1),
    event_type: Text,
    occurred_at: Time,
    data: z.object({
      id: Text.optional(),
      type: Text.optional(),
      title: Text.nullish(),
      created_at: Time.nullish(),
      urgency: Text.nullish(),
      priority: z.object({ summary: Text.nullish() }).nullish(),
      service: z.object({ id: Text, summary: Text.nullish() }).nullish(),
    }),
  }),
});

/** Id and kind of a PagerDuty v3 event, for its key in the log. Throws ZodError. */
export function headOfPagerduty(payload: unknown): { key: string; event: string } {
  const { event } = z.object({ event: z.object({ id: Text.min(1).max(200), event_type: Text.min(1).max(60) }) }).parse(payload);
  return { key: event.id, event: event.event_type };
}

/** An incident opens when PagerDuty made it and ends with its latest resolution; other events tell its title and severity. Throws ZodError. */
export function toldByPagerduty(payload: unknown): Told {
  const { event } = Event.parse(payload);
  const { data, event_type: type, occurred_at: at } = event;
  if (!type.startsWith("incident.") || !data.id || !data.service) return { ignored: `Events of the kind ${type.slice(0, 60)} are not used.` };
  if (!["incident.triggered", "incident.acknowledged", "incident.priority_updated", "incident.resolved"].includes(type)) {
    return { ignored: type === "incident.reopened" ? "Reopened: its later resolution will count as the end." : `Events of the kind ${type.slice(0, 60)} are not used.` };
  }
  return {
    incidents: [
      {
        externalId: `pagerduty-${data.id}`.slice(0, 200),
        service: { annotation: { key: "pagerduty.com/service-id", value: data.service.id }, name: data.service.summary ?? data.service.id },
        title: (data.title || "Incident").slice(0, 200),
        severity: data.priority?.summary ? severityOf(data.priority.summary) : severityOf(data.urgency ?? "low"),
        openedAt: data.created_at && data.created_at <= at ? data.created_at : at,
        resolvedAt: type === "incident.resolved" ? at : null,
        source: "pagerduty",
      },
    ],
  };
}
