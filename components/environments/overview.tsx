import { ExternalLink } from "lucide-react";
import { CommitRef } from "@/components/deployments/commit-ref";
import { LinkButton } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import { Bar } from "@/components/ui/time-left";
import { entityHref } from "@/lib/catalog/contract";
import { parseDuration } from "@/lib/core/duration";
import { absoluteTime, duration, timeLeft } from "@/lib/core/format";
import type { Deployment, Environment } from "@/lib/environments/contract";
import { Credentials } from "./credentials";
import type { EnvironmentRights } from "./environment-actions";
import { testWords } from "./environments-table";
import { ExtendButtons } from "./extend-buttons";

const LEVELS = { bubblewrap: "Own namespaces (bubblewrap)", "own-user": "Own user account", process: "Plain process", container: "Container", cluster: "Cluster" };

interface TopProps {
  environment: Environment;
  now: string;
  may: EnvironmentRights;
  /** The deployment that serves, where there are any. */
  serving: Deployment | null;
}

export function EnvironmentTop({ environment, now, may, serving }: TopProps) {
  return (
    <div className="env-top">
      <section className="stack">
        <h2>Address</h2>
        {environment.url ? (
          <div className="addr">
            <a className="ref link truncate" href={environment.url} target="_blank" rel="noreferrer" title={environment.url}>
              {environment.url.replace(/^https?:\/\//, "")}
            </a>
            <CopyButton text={environment.url} label="Copy address" />
            <span className="grow" />
            <LinkButton href={environment.url} variant={environment.entityRef ? "default" : "primary"} size="sm" external>
              <ExternalLink className="i" aria-hidden />
              Open
            </LinkButton>
          </div>
        ) : (
          <p className="muted">{environment.status === "deleted" ? "The address is gone." : "There is an address once the environment is ready."}</p>
        )}
        <hr className="rule" />
        <h2>Credentials</h2>
        <Credentials id={environment.id} mayReveal={may.credentials && environment.status === "ready"} />
      </section>
      {environment.lifetime === "permanent" ? <ServingPanel serving={serving} now={now} /> : <TimeLeftPanel environment={environment} now={now} mayExtend={may.extend} />}
    </div>
  );
}

/** For an environment without an end: what runs there, since when and by whom. */
function ServingPanel({ serving, now }: { serving: Deployment | null; now: string }) {
  return (
    <section className="stack">
      <h2>What runs here</h2>
      {serving ? (
        <>
          <div className="line">
            <CommitRef commit={serving.commit} icon />
            <span className="truncate" title={serving.subject ?? undefined}>
              {serving.subject ?? serving.ref}
            </span>
          </div>
          <p className="muted">
            Since <Time at={serving.finishedAt ?? serving.createdAt} now={now} />, by {serving.requestedBy?.handle ?? "push"}
          </p>
        </>
      ) : (
        <p className="muted">Nothing has run here yet.</p>
      )}
      <p className="caption">It does not expire.</p>
    </section>
  );
}

function TimeLeftPanel({ environment, now, mayExtend }: { environment: Environment; now: string; mayExtend: boolean }) {
  if (!environment.expiresAt || environment.status === "deleted") {
    return (
      <section className="stack">
        <h2>Time left</h2>
        <p className="muted">{environment.status === "deleted" ? `Ended ${absoluteTime(environment.deletedAt ?? now)}` : "It does not expire."}</p>
      </section>
    );
  }
  const { words, share, tone } = timeLeft(environment.expiresAt, environment.ttl ? parseDuration(environment.ttl) : null, now);
  return (
    <section className="stack">
      <div className="line spread">
        <h2>Time left</h2>
        <span className="muted">Ends {absoluteTime(environment.expiresAt)}</span>
      </div>
      <span className="number">{words}</span>
      <Bar share={share} tone={tone} label={`${words} of ${environment.ttl ?? "its time"} left`} tall />
      {mayExtend && environment.status === "ready" ? (
        <div className="line wrap mt-2">
          <ExtendButtons environment={environment} />
        </div>
      ) : null}
      <p className="caption">At the end its process, database, address and folder are removed and a receipt is kept. No snapshot is taken.</p>
    </section>
  );
}

export function EnvironmentFacts({ environment }: { environment: Environment }) {
  const { isolation, provisioning } = environment;
  const facts: [string, React.ReactNode][] = [
    [
      "Service",
      environment.entityRef ? (
        <Link key="service" className="link" href={entityHref(environment.entityRef)}>
          {environment.entityRef}
        </Link>
      ) : null,
    ],
    [
      "Commit",
      environment.commit ? (
        <span key="commit" className="line">
          <CommitRef commit={environment.commit} icon />
          {environment.ref && !environment.commit.startsWith(environment.ref) ? <span className="muted">{environment.ref}</span> : null}
        </span>
      ) : null,
    ],
    ["Golden path", environment.goldenPath ? `${environment.goldenPath.name} ${environment.goldenPath.version}` : environment.testOf ? testWords(environment.testOf) : "—"],
    [
      "Isolation",
      isolation
        ? `${LEVELS[isolation.level]}, ${isolation.network === "own" ? "own network" : "shared network"}, limits ${isolation.limits === "none" ? "not enforced" : `by ${isolation.limits}`}`
        : "Unknown until it starts",
    ],
    ["Not covered", isolation?.gaps.length ? isolation.gaps.join(" ") : null],
    ["Memory", `${environment.memoryMiB} MiB`],
    ["Made in", provisioning ? `${duration(provisioning.totalMs)}: ${provisioning.phases.map((phase) => `${phase.name.toLowerCase()} ${duration(phase.ms)}`).join(", ")}` : "—"],
    ["Driver", environment.driver],
    [
      "Id",
      <span key="id" className="mono">
        {environment.id}
      </span>,
    ],
  ];
  return (
    <section>
      <div className="section-head">
        <h2>Details</h2>
      </div>
      <dl className="facts">
        {facts.map(([name, value]) =>
          value ? (
            <div key={name} className="contents">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
    </section>
  );
}
