import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { TimeLeft } from "@/components/ui/time-left";
import { entityHref } from "@/lib/catalog/contract";
import { parseDuration } from "@/lib/core/duration";
import type { Environment } from "@/lib/environments/contract";
import { EnvironmentMenu } from "./environment-menu";

/** What the status badge shows: the lifecycle, or the health of a ready one. */
export function shownStatus(environment: Environment): string {
  const sick = environment.health.state === "degraded" || environment.health.state === "unhealthy";
  return environment.status === "ready" && sick ? environment.health.state : environment.status;
}

/** Whether its status will change by itself soon. */
export const isAtWork = ({ status }: Environment): boolean => ["queued", "provisioning", "deleting"].includes(status);

const TESTED = { draft: "draft", proposal: "proposal", files: "files" };

/** "test run of node-express draft". */
export const testWords = ({ goldenPath, source }: NonNullable<Environment["testOf"]>): string => `test run of ${goldenPath} ${TESTED[source]}`;

interface Props {
  items: Environment[];
  now: string;
  caption: string;
  filtered?: boolean;
  clearHref?: string;
  compact?: boolean;
  foot?: React.ReactNode;
  /** Instead of what a list without environments says in general. */
  empty?: React.ReactNode;
}

export function EnvironmentsTable({ items, now, caption, filtered = false, clearHref = "/environments", compact = false, foot, empty: ownEmpty }: Props) {
  const columns = [
    { key: "name", title: "Name" },
    { key: "path", title: "Runs" },
    { key: "left", title: "Time left" },
    ...(compact
      ? []
      : [
          { key: "owner", title: "Owner", className: "desk-cell" },
          { key: "created", title: "Created", className: "desk-cell" },
        ]),
    { key: "status", title: "Status", className: "end" },
    { key: "menu", title: <span className="sr">Menu</span>, className: "menu end" },
  ];
  const rows = items.map((environment) => ({
    key: environment.id,
    cells: {
      name: (
        <Link className="name truncate block max-w-[280px]" href={`/environments/${environment.id}`} title={environment.name}>
          {environment.name}
        </Link>
      ),
      path: environment.entityRef ? (
        <>
          <Link className="truncate" href={entityHref(environment.entityRef)} title={environment.entityRef}>
            {environment.entityRef.split("/").at(-1)}
          </Link>{" "}
          <span className="muted">{environment.tier}</span>
        </>
      ) : environment.goldenPath ? (
        <>
          {environment.goldenPath.name} <span className="muted">{environment.goldenPath.version}</span>
        </>
      ) : environment.testOf ? (
        testWords(environment.testOf)
      ) : null,
      left: ["deleted", "failed"].includes(environment.status) ? null : (
        <TimeLeft expiresAt={environment.expiresAt} ttlMinutes={environment.ttl ? parseDuration(environment.ttl) : null} now={now} />
      ),
      owner: environment.owner.split("/").at(-1),
      created: <Time at={environment.createdAt} now={now} />,
      status: (
        <span className="line">
          <Status value={shownStatus(environment)} />
          {environment.isDemo ? <span className="badge">Demo</span> : null}
        </span>
      ),
      menu: <EnvironmentMenu environment={environment} />,
    },
  }));
  const empty = filtered ? (
    <Empty title="No environment fits these filters" action={<LinkButton href={clearHref}>Clear filters</LinkButton>}>
      Others may exist outside of them.
    </Empty>
  ) : (
    <Empty title="No environments yet" action={<LinkButton href="/environments/new">Create environment</LinkButton>}>
      An environment is a running copy with its own database, usable in seconds, that ends by itself.
    </Empty>
  );
  return <Table caption={caption} columns={columns} rows={rows} empty={ownEmpty ?? empty} foot={foot} />;
}
