import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { ServiceHealth } from "@/lib/metrics/contract";
import { ServiceLink } from "./service-link";

const SOURCE_WORDS: Record<string, string> = {
  platform: "Waymark",
  api: "events API",
  github: "GitHub",
  events: "CloudEvents",
  argocd: "Argo CD",
  history: "loaded history",
  demo: "demo",
};

/** Per service where its events come from, the last one, and what is missing with its fix. */
export function HealthTable({ items, now }: { items: ServiceHealth[]; now: string }) {
  const columns = [
    { key: "service", title: "Service" },
    { key: "sources", title: "Told by", className: "desk-cell" },
    { key: "last", title: "Last deployment", className: "desk-cell" },
    { key: "findings", title: "What is missing, and the fix", className: "wide-cell" },
  ];
  const rows = items.map(({ service, sources, lastAt, findings }) => ({
    key: service,
    cells: {
      service: <ServiceLink service={service} />,
      sources: <span className="muted">{sources.map((one) => SOURCE_WORDS[one] ?? one).join(", ")}</span>,
      last: <Time at={lastAt} now={now} />,
      findings: findings.length ? (
        <ul className="stack-2 py-2">
          {findings.map(({ rule, what, fix }) => (
            <li key={rule} className="whitespace-normal">
              <span className="strong">{what}.</span> <span className="muted">{fix}</span>{" "}
              {rule === "commits-unknown" ? (
                <Link className="link" href={`/delivery/history?service=${encodeURIComponent(service)}`}>
                  Load history
                </Link>
              ) : null}
            </li>
          ))}
        </ul>
      ) : (
        <span className="muted">Nothing</span>
      ),
    },
  }));
  const empty = <Empty title="No deployment has been reported">Deploy a service here, add a webhook source, or send deployments to /api/v1/deployments.</Empty>;
  return <Table caption="What the figures of each service lack" columns={columns} rows={rows} empty={empty} />;
}
