"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { useToast } from "@/components/ui/toast";
import { upgradeServices } from "@/lib/golden-paths/actions";
import type { PathServiceState } from "@/lib/golden-paths/contract";
import { Behind } from "./behind";

const COLUMNS = [
  { key: "name", title: "Service" },
  { key: "version", title: "Version" },
  { key: "behind", title: "Behind" },
  { key: "upgrade", title: "Upgrade" },
  { key: "left", title: "Looked after by the team", className: "desk-cell" },
];

const canUpgrade = (one: PathServiceState) => Boolean(one.behind) && !one.isBusy && !one.hasLeft;

function hrefOf(entityRef: string): string {
  const [kind = "", rest = ""] = entityRef.split(":");
  const [namespace = "", name = ""] = rest.split("/");
  return `/catalog/${namespace}/${kind}/${name}`;
}

/** Every service of a path with what stands between it and the current version; upgrades are opened for those that are chosen. */
export function ServicesTable({ path, items, current }: { path: string; items: PathServiceState[]; current: string }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [pending, setPending] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const open = items.filter(canUpgrade).map(({ entityRef }) => entityRef);
  const wanted = open.filter((ref) => chosen.has(ref));
  const choose = (refs: string[], isChosen: boolean) => setChosen(new Set([...[...chosen].filter((ref) => !refs.includes(ref)), ...(isChosen ? refs : [])]));
  const upgrade = async () => {
    if (pending || wanted.length === 0) return;
    setPending(true);
    const result = await upgradeServices({ name: path, services: wanted });
    setPending(false);
    toast(result.ok ? `${result.data.started.length} upgrades started.` : result.error.message);
    if (result.ok) setChosen(new Set());
    router.refresh();
  };
  const busy = items.filter(({ isBusy }) => isBusy).length;
  const rows = items.map((one) => ({
    key: one.entityRef,
    selected: chosen.has(one.entityRef),
    cells: {
      name: (
        <span className="line">
          {canUpgrade(one) ? (
            <input type="checkbox" aria-label={`Upgrade ${one.name}`} checked={chosen.has(one.entityRef)} onChange={(event) => choose([one.entityRef], event.target.checked)} />
          ) : null}
          <Link className="name" href={hrefOf(one.entityRef)}>
            {one.name}
          </Link>
        </span>
      ),
      version: one.version,
      behind: one.hasLeft ? <span className="muted">Left the path</span> : <Behind behind={one.behind} />,
      upgrade: <UpgradeState one={one} />,
      left: one.ejected.length ? one.ejected.join(", ") : undefined,
    },
  }));
  const button = (
    <Button size="sm" variant="primary" pending={pending} aria-disabled={wanted.length === 0 || undefined} onClick={upgrade}>
      {wanted.length ? `Open ${wanted.length} ${wanted.length === 1 ? "upgrade" : "upgrades"} to ${current}` : `Open upgrades to ${current}`}
    </Button>
  );
  return (
    <div className="stack-4">
      {open.length || busy ? (
        <div className="toolbar">
          <label className="line">
            <input type="checkbox" checked={wanted.length === open.length && open.length > 0} onChange={(event) => choose(open, event.target.checked)} />
            All {open.length} that can be upgraded
          </label>
          {busy ? <span className="muted">{busy} under way</span> : null}
          <span className="count">{button}</span>
        </div>
      ) : null}
      <Table
        caption={`Services made from ${path}`}
        columns={COLUMNS}
        rows={rows}
        empty={<Empty title="No services yet">Services that are made from this path are listed here with how far behind they are.</Empty>}
        foot={<span>{items.length === 1 ? "1 service" : `${items.length} services`}</span>}
      />
    </div>
  );
}

function UpgradeState({ one: { isBusy, pullRequest, failed, behind } }: { one: PathServiceState }) {
  if (isBusy) return <Status value="running" />;
  if (pullRequest) {
    return (
      <Link className="link" href={pullRequest.url}>
        #{pullRequest.number} to {pullRequest.to}
        {pullRequest.conflicts ? `, ${pullRequest.conflicts} in conflict` : ""}
      </Link>
    );
  }
  if (failed && behind) {
    return (
      <Link className="link" href={`/runs/${failed.run}`} title={failed.cause}>
        Failed
      </Link>
    );
  }
  return <span className="muted">—</span>;
}
