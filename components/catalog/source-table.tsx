"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Empty } from "@/components/ui/empty";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { useAct } from "@/components/ui/use-act";
import { readLocationAgain, removeLocation } from "@/lib/catalog/actions";
import type { CatalogLocation } from "@/lib/catalog/contract";

const WORDS = { url: "Address", git: "Git repository", "github-org": "GitHub organisation" };
const STATES = { new: "waiting", ok: "current", failed: "failed" };

export interface ListedSource extends CatalogLocation {
  mayChange: boolean;
}

/** Sources with their state, and what can be done about each. */
export function SourceTable({ sources, now }: { sources: ListedSource[]; now: string }) {
  const [asked, setAsked] = useState<ListedSource | null>(null);
  const router = useRouter();
  const { act } = useAct();
  const again = ({ id, target }: ListedSource) => act(() => readLocationAgain({ id }), `${target} is read now.`);
  const remove = async () => {
    if (!asked) return null;
    const result = await removeLocation({ id: asked.id });
    if (!result.ok) return result.error.message;
    router.refresh();
    return null;
  };
  const columns = [
    { key: "target", title: "Source" },
    { key: "state", title: "State" },
    { key: "read", title: "Last read", className: "desk-cell" },
    { key: "entities", title: "Entities", align: "end" as const },
    { key: "findings", title: "Findings", align: "end" as const },
    { key: "menu", title: <span className="sr">Actions</span>, className: "end" },
  ];
  const rows = sources.map((source) => ({
    key: source.id,
    cells: {
      target: (
        <>
          <span className="name break-all">{source.target}</span>
          <span className="caption block">
            {WORDS[source.type]}
            {source.type === "github-org" ? `, ${source.repositories} repositories` : ""}
            {source.path ? `, ${source.path}` : ""}
          </span>
        </>
      ),
      state: (
        <>
          <Status value={STATES[source.state]} />
          {source.problem ? <span className="caption block">{source.problem}</span> : null}
        </>
      ),
      read: source.lastReadAt ? <Time at={source.lastReadAt} now={now} /> : <span className="muted">Never</span>,
      entities: source.entities,
      findings: source.findings,
      menu: source.mayChange ? (
        <span className="line">
          <Button size="sm" onClick={() => void again(source)}>
            Read again
          </Button>
          <Button size="sm" variant="danger" onClick={() => setAsked(source)}>
            Remove
          </Button>
        </span>
      ) : null,
    },
  }));
  const empty = <Empty title="No source yet">Add a repository or an address below. It is read at once, and again by itself from then on.</Empty>;
  return (
    <>
      <Table caption="Sources" columns={columns} rows={rows} empty={empty} twoLines />
      <ConfirmDialog open={asked !== null} onOpenChange={(open) => (open ? undefined : setAsked(null))} title="Remove this source?" confirmLabel="Remove source" onConfirm={remove}>
        <p>{asked?.target} is not read any more. Its entities stay in the catalog, and can be edited here from then on.</p>
      </ConfirmDialog>
    </>
  );
}
