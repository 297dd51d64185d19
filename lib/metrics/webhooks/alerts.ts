import { z } from "zod";
import { matcherOf } from "../rules";
import type { Rules } from "../rules-shape";
import { severityOf, Text, Time } from "./read";
import type { Told } from "./told";

const Labels = z.record(z.string(), Text).default({});
const Alert = z.object({ status: z.enum(["firing", "resolved"]), labels: Labels, annotations: Labels, startsAt: Time, endsAt: Text.optional(), fingerprint: Text.min(1).max(100) });
const Group = z.object({ alerts: z.array(Alert).max(2_000) });

const first = (labels: Record<string, string>, names: string[]) => names.map((name) => labels[name]).find((value) => value);

/**
 * Alertmanager's v4 format, which Grafana sends too. An alert is no incident: only those with a severity of the rules become one,
 * kept under fingerprint and start, so that repeats of a group change nothing. Throws ZodError.
 */
export function toldByAlerts(payload: unknown, source: "alertmanager" | "grafana", rules: Rules): Told {
  const { alerts } = Group.parse(payload);
  const counts = matcherOf(rules.alertSeverities);
  const severe = alerts.filter(({ labels }) => counts(labels.severity ?? ""));
  if (severe.length === 0) return { ignored: `${alerts.length} alerts, none with a severity that the rules make an incident (${rules.alertSeverities.join(", ")}).` };
  return {
    incidents: severe.map(({ labels, annotations, status, startsAt, endsAt, fingerprint }) => {
      const ended = status === "resolved" && endsAt ? new Date(endsAt) : null;
      const environment = first(labels, ["environment", "env"]);
      return {
        externalId: `${source}-${fingerprint}-${startsAt.getTime()}`,
        service: { name: first(labels, ["service", "app", "app_kubernetes_io_name", "job", "namespace"]) ?? "unnamed" },
        title: (first(annotations, ["summary", "title"]) ?? labels.alertname ?? "Alert").slice(0, 200),
        severity: severityOf(labels.severity ?? ""),
        ...(environment ? { environment: environment.slice(0, 100) } : {}),
        openedAt: startsAt,
        resolvedAt: ended && ended >= startsAt ? ended : null,
        source,
      };
    }),
  };
}
