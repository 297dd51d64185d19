import { Link } from "@/components/ui/link";
import { SectionHead } from "@/components/ui/page-head";
import { Bar } from "@/components/ui/time-left";
import { day } from "@/lib/core/format";
import type { Survey } from "@/lib/surveys/contract";

/** How many of the whole organisation have answered so far; never per team while the survey is open. */
export function SurveyProgress({ survey }: { survey: Survey | null }) {
  return (
    <section>
      <SectionHead title="Survey" aside={<Link href="/survey/results">Results</Link>} />
      <div className="panel panel-body stack">
        {survey ? (
          <>
            <div className="line spread">
              <Link className="strong" href="/survey">
                {survey.title}
              </Link>
              <span>
                {survey.answered} of {survey.asked}
              </span>
            </div>
            <Bar share={survey.answered / Math.max(1, survey.asked)} tone="calm" label={`${survey.answered} of ${survey.asked} have answered`} />
            <p className="caption">Answered so far, of everybody. Open until {day(survey.closesAt)}; teams are shown after that.</p>
          </>
        ) : (
          <p className="muted">No survey is open.</p>
        )}
      </div>
    </section>
  );
}
