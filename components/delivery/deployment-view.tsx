import { Empty } from "@/components/ui/empty";
import { Notice } from "@/components/ui/notice";
import { PageHead, SectionHead } from "@/components/ui/page-head";
import type { DeliveryDeployment } from "@/lib/metrics/contract";
import { ChangesTable, CommitName } from "./changes-table";
import { DeploymentKind } from "./deployments-table";
import { IncidentsTable } from "./incidents-table";
import { ServiceLink } from "./service-link";
import { counted, momentWords } from "./words";

const KIND_HELP = {
  baseline: "The first deployment of the service that was reported. It says what was in production before and brings no change.",
  forward: "It brought commits that had not been in production before, or took over what another production environment ran.",
  rollback: "It went back to a commit that this environment had before. It brings no change and counts as rework.",
  redeploy: "It repeated the commit that was running. It counts as a deployment and brings no change.",
};
const ATTRIBUTION_HELP = {
  complete: null,
  partial: "Some commits on the way to the deployment before are not known; the changes below are those that are.",
  "commits-unknown":
    "Nobody has sent the commits that lead from the deployment before to this one, so it has no lead time. Connect the repository, or send the commits to /api/v1/commits.",
  unrelated: "Its commit has no common history with what was in production before. It is taken for a new baseline.",
  "too-many": "More than 5,000 commits lie between this deployment and the one before. That is a gap in what was reported, not a release; none is counted.",
};

/** One deployment as the figures see it, so that each number can be checked. */
export function DeploymentView({ deployment, timeZone }: { deployment: DeliveryDeployment; timeZone: string }) {
  const { kind, attribution, status, tier, missing } = deployment;
  const problem = attribution ? ATTRIBUTION_HELP[attribution] : null;
  return (
    <>
      <PageHead
        title={`${deployment.service.split("/").at(-1)} to ${deployment.environment}`}
        sub={
          <>
            {momentWords(deployment.finishedAt, timeZone)} {timeZone}
            {deployment.isDemo ? <span className="badge ml-2">Demo</span> : null}
          </>
        }
      />
      {problem ? (
        <Notice tone="warning">
          {problem}
          {missing.length ? ` Missing: ${missing.map((sha) => sha.slice(0, 10)).join(", ")}.` : ""}
        </Notice>
      ) : null}
      <dl className="panel panel-body facts mb-6">
        <Fact name="Service">
          <ServiceLink service={deployment.service} />
        </Fact>
        <Fact name="Commit">
          <CommitName sha={deployment.commit} subject={deployment.subject} href={deployment.href} />
        </Fact>
        <Fact name="Repository">{deployment.repository}</Fact>
        <Fact name="Environment">
          {deployment.environment}, tier {tier}
        </Fact>
        <Fact name="Outcome">
          {status === "failure" ? "Failed: it never ran and counts as an attempt only" : tier === "production" ? <DeploymentKind {...deployment} /> : "Succeeded"}
        </Fact>
        {kind ? <Fact name="What that means">{KIND_HELP[kind]}</Fact> : null}
        {deployment.previousCommit ? (
          <Fact name="Ran before">
            <span className="ref" title={deployment.previousCommit}>
              {deployment.previousCommit.slice(0, 7)}
            </span>
          </Fact>
        ) : null}
        {deployment.causedFailure ? <Fact name="Recovered">{deployment.recoveredAt ? momentWords(deployment.recoveredAt, timeZone) : "Not yet"}</Fact> : null}
        {deployment.flags.length ? <Fact name="Flags">{deployment.flags.join(", ")}</Fact> : null}
        <Fact name="Reported by">
          {deployment.source}, as <span className="ref break-all">{deployment.external_id}</span>
        </Fact>
      </dl>
      <SectionHead title="Changes it brought" aside={deployment.changes.length ? counted(deployment.changes.length, "change") : undefined} />
      <ChangesTable
        changes={deployment.changes}
        timeZone={timeZone}
        caption="Changes that this deployment brought to production"
        empty={
          <Empty title={deployment.withheld ? "Too few people to be shown" : "No change"}>
            {deployment.withheld ?? (kind ? KIND_HELP[kind] : "Only successful production deployments bring changes into the figures.")}
          </Empty>
        }
      />
      {deployment.incidents.length ? (
        <section className="mt-6">
          <SectionHead title="Incidents put down to it" />
          <IncidentsTable incidents={deployment.incidents} timeZone={timeZone} />
        </section>
      ) : null}
    </>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
