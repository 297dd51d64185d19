import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { ListFoot } from "@/components/ui/list-foot";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";

export interface ServiceLine {
  name: string;
  href: string;
  owner: string | null;
  goldenPath: string | null;
  lead: string | null;
  deployed: { at: string; commit: string } | null;
}

/** Services of one's teams, with what last reached production. */
export function MyServices({ services, total, now }: { services: ServiceLine[]; total: number; now: string }) {
  const rows = services.map((service) => ({
    key: service.name,
    cells: {
      name: (
        <Link className="name" href={service.href}>
          {service.name}
        </Link>
      ),
      production: service.deployed ? (
        <span>
          <span className="ref">{service.deployed.commit.slice(0, 7)}</span>{" "}
          <span className="muted">
            <Time at={service.deployed.at} now={now} />
          </span>
        </span>
      ) : (
        <span className="muted">Nothing yet</span>
      ),
      lead: service.lead ? (
        <span>
          {service.lead} <span className="muted phone">lead time</span>
        </span>
      ) : undefined,
      path: service.goldenPath ? <span className="muted">{service.goldenPath}</span> : undefined,
      owner: service.owner ? <span className="muted">{service.owner}</span> : undefined,
    },
  }));
  const columns = [
    { key: "name", title: "Name" },
    { key: "production", title: "In production" },
    { key: "lead", title: "Lead time", align: "end" as const },
    { key: "path", title: "Golden path", className: "desk-cell" },
    { key: "owner", title: "Owner", className: "desk-cell" },
  ];
  const empty = (
    <Empty title="Your teams have no services yet" action={<LinkButton href="/services/new">Create service</LinkButton>}>
      A service starts from a golden path: repository, pipeline and first deployment in one run.
    </Empty>
  );
  return (
    <Table
      caption="My services"
      columns={columns}
      rows={rows}
      empty={empty}
      foot={services.length < total ? <ListFoot shown={services.length} total={total} nextHref="/catalog?kind=component&scope=team" nextLabel="All in the catalog" /> : undefined}
    />
  );
}
