"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { PageHead } from "@/components/ui/page-head";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { ProvisioningConnection, ProvisioningOverview } from "@/lib/identity/contract";
import { MakeConnection } from "./make-connection";
import { type MadeToken, NewToken } from "./new-token";
import { TokenState } from "./token-state";
import { counted } from "./words";

/** All connections, and the way to make one. */
export function ConnectionsPanel({ overview, now }: { overview: ProvisioningOverview; now: string }) {
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<MadeToken | null>(null);
  const router = useRouter();
  const rows = overview.items.map((connection) => ({
    key: connection.id,
    cells: {
      name: (
        <Link className="name" href={`/admin/provisioning/${connection.id}`}>
          {connection.name}
        </Link>
      ),
      people: (
        <>
          {connection.people.total} <span className="muted md:hidden">{connection.people.total === 1 ? "person" : "people"}</span>
        </>
      ),
      groups: connection.groups,
      last: <LastRequest connection={connection} now={now} />,
      token: <TokenState tokens={connection.tokens} now={now} />,
    },
  }));
  const columns = [
    { key: "name", title: "Name" },
    { key: "people", title: "People", align: "end" as const },
    { key: "groups", title: "Groups", align: "end" as const, className: "desk-cell" },
    { key: "last", title: "Last request" },
    { key: "token", title: "Token", className: "desk-cell" },
  ];
  const open = () => setMaking(true);
  const empty = (
    <Empty
      title="No connection yet"
      action={
        <Button variant="primary" onClick={open}>
          Make connection
        </Button>
      }
    >
      Without one, people appear at their first sign-in, and somebody who leaves the company keeps sessions and tokens until these end by themselves. A connection lets Okta, Entra
      ID or another provider push people and groups by SCIM 2.0: who is deactivated there is out here within seconds.
    </Empty>
  );
  return (
    <>
      <PageHead
        title="Provisioning"
        sub="Identity providers that push people and groups. Groups become teams and roles by the role rules, at every push."
        actions={
          overview.total ? (
            <Button variant="primary" onClick={open}>
              Make connection
            </Button>
          ) : null
        }
      />
      <div className="stack-4">
        {made ? (
          <>
            <NewToken {...made} />
            <div>
              <LinkButton href={`/admin/provisioning/${made.id}?since=0`}>Test the connection</LinkButton>
            </div>
          </>
        ) : null}
        <Table caption="Provisioning connections" columns={columns} rows={rows} empty={empty} />
        {overview.total && overview.unmanaged ? (
          <p className="muted">
            <Link className="link" href="/admin/people?managed=no">
              {counted(overview.unmanaged, "person", "people")}
            </Link>{" "}
            {overview.unmanaged === 1 ? "is" : "are"} managed by no connection: they lose access only by hand.
          </p>
        ) : null}
      </div>
      <MakeConnection
        open={making}
        onOpenChange={setMaking}
        onMade={(data) => {
          setMade(data);
          router.refresh();
        }}
      />
    </>
  );
}

/** When the provider was last heard of, and whether it was refused. */
export function LastRequest({ connection: { last }, now }: { connection: ProvisioningConnection; now: string }) {
  if (!last) return <span className="muted">None yet</span>;
  return (
    <span className="nowrap">
      <Time at={last.at} now={now} />
      {last.status >= 400 ? <span className="t-danger"> refused ({last.status})</span> : null}
    </span>
  );
}
