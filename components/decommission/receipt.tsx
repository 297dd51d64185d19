"use client";

import { Button, LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { PageHead } from "@/components/ui/page-head";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { useAct } from "@/components/ui/use-act";
import { undoDecommission } from "@/lib/decommission/actions";
import type { DecommissionReceipt } from "@/lib/decommission/contract";
import { KIND_WORDS } from "./kind-words";

interface Props {
  receipt: DecommissionReceipt;
  mayUndo: boolean;
  now: string;
}

const COLUMNS = [
  { key: "name", title: "Part", className: "col-span-full" },
  { key: "kind", title: "Kind" },
  { key: "result", title: "Became" },
  { key: "verified", title: "Verified", className: "col-span-full" },
  { key: "at", title: "At", align: "end" as const, className: "desk-cell" },
];
const RESULT_WORDS = { deleted: "Deleted", archived: "Archived", removed: "Removed", closed: "Closed", kept: "Kept", told: "Told" };

/** Who ended a service, when, and what became of each part; what was kept can be brought back for a while. */
export function ReceiptOfDecommission({ receipt, mayUndo, now }: Props) {
  const { id, title, requestedBy, requestedAt, completedAt, results, undone, undoUntil } = receipt;
  const { pending, act } = useAct();
  const undo = () => act(() => undoDecommission({ id }), `${title} is back in the catalog.`);
  const rows = results.map((one) => ({
    key: `${one.kind} ${one.name}`,
    cells: {
      name: one.href ? (
        <Link className="link mono break-words min-w-0" href={one.href}>
          {one.name}
        </Link>
      ) : (
        <span className="mono break-words min-w-0">{one.name}</span>
      ),
      kind: KIND_WORDS[one.kind],
      result: RESULT_WORDS[one.result],
      verified: one.verified,
      at: <Time at={one.at} now={now} />,
    },
  }));
  return (
    <>
      <PageHead
        title={`Receipt of ${title}`}
        meta={
          <>
            <span>
              Asked for by {requestedBy?.name ?? "a person who left"}, <Time at={requestedAt} now={now} />
            </span>
            {completedAt ? (
              <span>
                Completed <Time at={completedAt} now={now} />
              </span>
            ) : null}
          </>
        }
        actions={<LinkButton href={`/runs/${id}`}>Open run</LinkButton>}
      />
      <div className="stack-4">
        {undone ? (
          <Notice tone="info">
            Taken back by {undone.by}, <Time at={undone.at} now={now} />. What was deleted stays deleted.
          </Notice>
        ) : undoUntil ? (
          <Notice
            tone="info"
            action={
              mayUndo ? (
                <Button size="sm" pending={pending} onClick={() => void undo()}>
                  Undo
                </Button>
              ) : null
            }
          >
            The catalog entries can be brought back until {undoUntil.slice(0, 10)}, and a repository on Waymark's git server takes pushes again. What was deleted stays deleted; a
            repository at GitHub is opened there.
          </Notice>
        ) : null}
        <Table
          caption={`What became of ${title}`}
          columns={COLUMNS}
          rows={rows}
          empty={<Empty title="Not completed">The run has not come to its end. Open it to see where it stands, and retry it if it failed.</Empty>}
          foot={<span>{results.length} parts, each as verified by the run</span>}
        />
      </div>
    </>
  );
}
