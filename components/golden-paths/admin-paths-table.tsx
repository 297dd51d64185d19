import { Blazes } from "@/components/ui/blazes";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { type AdminGoldenPath, MAX_CONCEPTS } from "@/lib/golden-paths/contract";
import { usageWords } from "./usage-words";

const COLUMNS = [
  { key: "name", title: "Golden path" },
  { key: "current", title: "Current version" },
  { key: "draft", title: "Draft" },
  { key: "usage", title: "Made from it" },
  { key: "used", title: "Last used", className: "desk-cell" },
  { key: "concepts", title: "Concepts", className: "desk-cell" },
];

/** Every path with its use, and what is being drafted. */
export function AdminPathsTable({ paths, now }: { paths: AdminGoldenPath[]; now: string }) {
  const rows = paths.map((path) => ({ key: path.name, cells: cellsOf(path, now) }));
  const empty = (
    <Empty title="No golden paths yet" action={<LinkButton href="/admin/golden-paths/new">New golden path</LinkButton>}>
      Begin with a small working example, or import a Backstage template.
    </Empty>
  );
  return <Table caption="Golden paths" columns={COLUMNS} rows={rows} empty={empty} foot={<span>{`${paths.length} of ${paths.length}`}</span>} />;
}

function cellsOf(path: AdminGoldenPath, now: string) {
  const { usage, draft } = path;
  return {
    name: (
      <span className="min-w-0">
        <Link className="strong" href={`/admin/golden-paths/${path.name}`}>
          {path.name}
        </Link>
        <span className="muted block truncate">{path.isInternal ? `${path.title}, internal` : path.title}</span>
      </span>
    ),
    current: path.currentVersion ? (
      <Link className="mono" href={`/admin/golden-paths/${path.name}/history`} title={`${path.versions} published`}>
        {path.currentVersion}
      </Link>
    ) : (
      <span className="muted">none published</span>
    ),
    draft: draft ? (
      <span className="muted">
        {draft.updatedBy ?? "Somebody"}, <Time at={draft.updatedAt} now={now} />
      </span>
    ) : null,
    usage: <span className={usage.environments + usage.services > 0 ? undefined : "muted"}>{usageWords(usage)}</span>,
    used: usage.lastUsedAt ? <Time at={usage.lastUsedAt} now={now} /> : null,
    concepts: path.currentVersion ? (
      <span className="line">
        <Blazes on={Math.min(path.concepts, MAX_CONCEPTS)} label={`${path.concepts} of ${MAX_CONCEPTS} concepts`} />
        <span aria-hidden>{path.concepts}</span>
      </span>
    ) : null,
  };
}
