import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { ListFoot } from "@/components/ui/list-foot";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { Feedback } from "@/lib/surveys/contract";

interface Props {
  items: Feedback[];
  now: string;
  selected: string | null;
  hrefs: Record<string, string>;
  filtered: boolean;
  total: number;
  olderHref: string | null;
}

export function FeedbackTable({ items, now, selected, hrefs, filtered, total, olderHref }: Props) {
  const rows = items.map((message) => ({
    key: message.id,
    selected: message.id === selected,
    cells: {
      text: (
        <Link className="name truncate block max-w-[420px]" href={hrefs[message.id] ?? "#"} scroll={false} title={message.text}>
          {message.text.slice(0, 200)}
        </Link>
      ),
      from: message.from.name,
      state: <span className={message.answer ? "muted" : undefined}>{message.answer ? "Answered" : "Waits"}</span>,
      at: (
        <span className="muted">
          <Time at={message.createdAt} now={now} />
        </span>
      ),
    },
  }));
  const columns = [
    { key: "text", title: "Message" },
    { key: "from", title: "From" },
    { key: "state", title: "State" },
    { key: "at", title: "When", align: "end" as const },
  ];
  const empty = filtered ? (
    <Empty title="No message fits this filter" action={<LinkButton href="/admin/feedback">Clear filter</LinkButton>}>
      Others may exist outside of it.
    </Empty>
  ) : (
    <Empty title="Nobody has told anything yet">The button “Tell the platform team” is in the top bar of every page. What people write lands here.</Empty>
  );
  return <Table caption="Feedback" columns={columns} rows={rows} empty={empty} foot={<ListFoot shown={items.length} total={total} nextHref={olderHref} />} />;
}
