import { Link } from "@/components/ui/link";
import type { MetricSummary } from "@/lib/metrics/contract";

export interface AdoptionFigures {
  services: number;
  environments: number;
  runs: number;
  doors: NonNullable<MetricSummary["doors"]>;
  days: number;
}

const DOOR_WORDS = { browser: "browser", "command-line": "command line", api: "programs", mcp: "agents" };

/** How much is made through Waymark, as counts that lead to their rows. */
export function Adoption({ figures }: { figures: AdoptionFigures }) {
  const tiles = [
    { title: "Services made here", value: figures.services, words: "with a repository of their own", href: "/catalog" },
    { title: "Environments now", value: figures.environments, words: "of all teams", href: "/environments?scope=all" },
    { title: "Runs", value: figures.runs, words: "since the start", href: "/runs?scope=all" },
  ];
  const through = figures.doors.map(({ door, n }) => `${DOOR_WORDS[door]} ${n.toLocaleString("en-GB")}`).join(", ");
  return (
    <>
      <div className="tiles">
        {tiles.map(({ title, value, words, href }) => (
          <Link key={title} className="tile" href={href}>
            <span className="muted">{title}</span>
            <span className="number">{value}</span>
            <span className="caption">{words}</span>
          </Link>
        ))}
      </div>
      <p className="caption mt-2">
        {through
          ? `Environments, deployments, services and actions that people began in the last ${figures.days} days, by door: ${through}.`
          : `Nobody has begun anything in the last ${figures.days} days.`}
      </p>
    </>
  );
}
