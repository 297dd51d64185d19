import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { Receipt } from "@/lib/environments/contract";

/** What was removed at the end, and how its absence was verified. */
export function ReceiptView({ receipt, now }: { receipt: Receipt; now: string }) {
  const columns = [
    { key: "name", title: "Removed" },
    { key: "kind", title: "Kind" },
    { key: "verified", title: "Verified" },
    { key: "at", title: "At", align: "end" as const },
  ];
  const rows = receipt.items.map((item) => ({
    key: `${item.kind} ${item.name}`,
    cells: {
      name: (
        <span className="mono truncate block max-w-[320px]" title={item.name}>
          {item.name}
        </span>
      ),
      kind: item.kind,
      verified: item.verified,
      at: <Time at={item.removedAt} now={now} />,
    },
  }));
  return <Table caption={`Receipt of ${receipt.name}`} columns={columns} rows={rows} foot={<span>{receipt.items.length} things removed, each verified to be gone</span>} />;
}
