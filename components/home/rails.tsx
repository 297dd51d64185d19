import { Blazes } from "@/components/ui/blazes";
import { Link } from "@/components/ui/link";
import { SectionHead } from "@/components/ui/page-head";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { duration } from "@/lib/core/format";
import { type GoldenPath, MAX_CONCEPTS } from "@/lib/golden-paths/contract";
import type { Run } from "@/lib/runs/contract";

export function StartSomething({ paths }: { paths: GoldenPath[] }) {
  return (
    <section>
      <SectionHead title="Start something" aside={<Link href="/golden-paths">All golden paths</Link>} />
      <ul className="panel list">
        {paths.map((path) => (
          <li key={path.name}>
            <div className="grow">
              <div className="line spread">
                <Link className="strong" href={`/environments/new?path=${path.name}`}>
                  {path.name}
                </Link>
                <span>{path.usual ? duration(path.usual.medianMs) : <span className="muted">no runs yet</span>}</span>
              </div>
              <div className="line spread">
                <span className="muted truncate">{path.title}</span>
                <Blazes on={path.concepts.length} label={`${path.concepts.length} of ${MAX_CONCEPTS} concepts to know`} />
              </div>
            </div>
          </li>
        ))}
      </ul>
      <p className="caption mt-2">Usual time to usable, and concepts to know out of {MAX_CONCEPTS}.</p>
    </section>
  );
}

export function RecentRuns({ runs, now }: { runs: Run[]; now: string }) {
  return (
    <section>
      <SectionHead title="Recent runs" aside={<Link href="/runs">All runs</Link>} />
      {runs.length === 0 ? <div className="panel panel-body muted">No runs yet.</div> : null}
      <ul className={runs.length ? "panel list" : undefined}>
        {runs.map((run) => (
          <li key={run.id}>
            <Status value={run.status} glyphOnly />
            <Link className="grow line-clamp-2" href={`/runs/${run.id}`}>
              {run.title}
            </Link>
            <span className="muted">
              <Time at={run.createdAt} now={now} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
