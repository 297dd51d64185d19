import { Link } from "@/components/ui/link";

/** Chart alone, or with its figures as a table. */
export function ViewSwitch({ view, chartHref, tableHref }: { view: "chart" | "table"; chartHref: string; tableHref: string }) {
  return (
    <nav className="btn-group" aria-label="View">
      <Link className="btn btn-sm" href={chartHref} aria-current={view === "chart" || undefined} scroll={false}>
        Chart
      </Link>
      <Link className="btn btn-sm" href={tableHref} aria-current={view === "table" || undefined} scroll={false}>
        Table
      </Link>
    </nav>
  );
}
