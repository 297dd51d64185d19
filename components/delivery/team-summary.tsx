import { Link } from "@/components/ui/link";
import type { Metric } from "@/lib/metrics/contract";
import { counted, headline, lead } from "./words";

/** A team's two delivery figures of the last twelve months in one line. */
export function TeamSummary({ lead: leadTime, frequency, href }: { lead: Metric; frequency: Metric; href: string }) {
  const known = frequency.summary.value !== null;
  return (
    <p className="panel panel-body">
      {known ? (
        <>
          {leadTime.summary.value === null ? null : (
            <>
              Lead time <strong>{lead(leadTime.summary.value)}</strong> over {counted(leadTime.summary.n, "change")},{" "}
            </>
          )}
          <strong>{`${headline(frequency).value}`}</strong> production deployments {headline(frequency).unit}, last 12 months.{" "}
        </>
      ) : (
        <>No production deployment of this team has been reported yet. </>
      )}
      {frequency.data === "demo" ? <span className="badge">Demo</span> : null}{" "}
      <Link className="link" href={href}>
        Delivery
      </Link>{" "}
      <Link className="link" href={href.replace(/^\/delivery/, "/delivery/report")}>
        Monthly report
      </Link>
    </p>
  );
}
