import type { ReactNode } from "react";
import { Link } from "@/components/ui/link";

/** The third number. Without a closed survey it says so; `children` is the surveys' own figure. */
export function NpsTile({ children }: { children?: ReactNode }) {
  return (
    <section className="tile" aria-labelledby="tile-nps">
      <span className="strong" id="tile-nps">
        Developer NPS
      </span>
      <span className="caption">Promoters minus detractors, −100 to +100</span>
      {children ?? (
        <>
          <div className="line tile-head">
            <span className="number">—</span>
          </div>
          <p className="tile-gap muted">
            <span className="strong">No survey yet.</span> Every developer is asked once a month; the number appears when a survey has closed with five answers or more.
          </p>
          <div className="tile-foot caption">
            <span>0 answers</span>
            <Link className="link" href="/survey">
              Survey
            </Link>
          </div>
        </>
      )}
    </section>
  );
}
