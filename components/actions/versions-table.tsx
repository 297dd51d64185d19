"use client";

import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { restoreAction } from "@/lib/actions/actions";
import type { ActionDetail } from "@/lib/actions/contract";

/** Every version with who published it and why; an earlier one can be taken as the draft. */
export function VersionsTable({ action, now }: { action: ActionDetail; now: string }) {
  const { pending, message, submit } = useSubmit();
  const toast = useToast();
  const router = useRouter();
  const restore = (version: number) =>
    submit(
      () => restoreAction({ name: action.name, version }),
      () => {
        toast(`The draft is version ${version} again. Publish it to make it the newest.`);
        router.push(`/admin/actions/${action.name}`);
        router.refresh();
      },
    );
  const rows = action.versions.map((one) => ({
    key: String(one.version),
    cells: {
      version: (
        <span className="line">
          <span className="strong">{one.version}</span>
          {one.version === action.version ? <span className="badge">Current</span> : null}
        </span>
      ),
      note: one.note,
      by: one.publishedBy ?? "Waymark",
      at: <Time at={one.publishedAt} now={now} />,
      menu: (
        <Button size="sm" pending={pending} onClick={() => restore(one.version)} aria-label={`Use as draft: version ${one.version}`}>
          Use as draft
        </Button>
      ),
    },
  }));
  const columns = [
    { key: "version", title: "Version" },
    { key: "note", title: "What changed" },
    { key: "by", title: "Published by", className: "desk-cell" },
    { key: "at", title: "When", className: "end" },
    { key: "menu", title: <span className="sr">Use as draft</span>, className: "end" },
  ];
  return (
    <>
      {message ? <p className="t-danger">{message}</p> : null}
      <Table caption={`Versions of ${action.title}`} columns={columns} rows={rows} empty={<Empty title="Not published yet">People can run it once it is published.</Empty>} />
    </>
  );
}
