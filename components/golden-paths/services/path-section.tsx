import { Link } from "@/components/ui/link";
import { SectionHead } from "@/components/ui/page-head";
import { Status } from "@/components/ui/status";
import type { Ejection, PathServiceState } from "@/lib/golden-paths/contract";
import { Behind } from "./behind";
import { LeavePath } from "./leave-path";
import { Rejoin, UpgradeButton } from "./upgrade-button";

interface Props {
  service: PathServiceState & { goldenPath: string; current: string | null; concerns: { name: string; files: string[] }[]; ejections: Ejection[] };
  may: { upgrade: boolean; eject: boolean };
}

/** Where a service stands on its golden path: version, the way to the next one, and what the team looks after itself. */
export function PathSection({ service, may }: Props) {
  const { goldenPath, version, behind, pullRequest, isBusy, failed, ejections, hasLeft } = service;
  const canUpgrade = may.upgrade && !hasLeft && Boolean(behind) && !pullRequest;
  return (
    <section aria-label="Golden path">
      <SectionHead title="Golden path" aside={<Link href={`/golden-paths/${encodeURIComponent(goldenPath)}`}>{goldenPath}</Link>} />
      <div className="stack-4">
        <p className="line wrap">
          <span>Version {version}</span>
          {hasLeft ? <span className="muted">Left the path</span> : <Behind behind={behind} />}
          {isBusy ? <Status value="running" /> : null}
        </p>
        {pullRequest ? (
          <p>
            <Link className="link" href={pullRequest.url}>
              Upgrade to {pullRequest.to}, pull request {pullRequest.number}
            </Link>
            {pullRequest.isDraft ? `: ${pullRequest.conflicts} ${pullRequest.conflicts === 1 ? "file" : "files"} to settle` : ""}
          </p>
        ) : null}
        {failed && !isBusy && behind ? (
          <p className="t-danger">
            The last upgrade failed: {failed.cause}{" "}
            <Link className="link" href={`/runs/${failed.run}`}>
              Open run
            </Link>
          </p>
        ) : null}
        {ejections.length ? (
          <ul className="list bare">
            {ejections.map((one) => (
              <li key={one.id}>
                <span className="grow">
                  <span className="block">{one.concern ? `The team looks after ${one.concern}` : "The team left the path"}</span>
                  <span className="muted">{one.reason}</span>
                </span>
                {may.eject ? <Rejoin service={service.entityRef} ejection={one} /> : null}
              </li>
            ))}
          </ul>
        ) : null}
        {canUpgrade || may.eject ? (
          <div className="line wrap">
            {canUpgrade ? <UpgradeButton service={service.entityRef} isBusy={isBusy} /> : null}
            {may.eject && !hasLeft ? (
              <LeavePath service={service.entityRef} goldenPath={goldenPath} concerns={service.concerns.filter(({ name }) => !ejections.some(({ concern }) => concern === name))} />
            ) : null}
          </div>
        ) : null}
      </div>
    </section>
  );
}
