import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { type EntityRow, entityHref, kindWord, refName } from "@/lib/catalog/contract";
import { Star } from "./star";

interface Props {
  items: EntityRow[];
  caption: string;
  filtered?: boolean;
  clearHref?: string;
  compact?: boolean;
  empty?: ReactNode;
  foot?: ReactNode;
  /** The order that is asked for, and the address of another one; without it heads are plain. */
  sort?: { current: string; href: (sort: string) => string };
  /** Refs that the reader starred; without it no stars are shown. */
  stars?: ReadonlySet<string>;
  /** Levels by ref; without it there is no such column. */
  levels?: Record<string, ReactNode>;
}

const SORTABLE = new Set(["name", "kind", "owner", "lifecycle", "updated"]);

/** The head of a column that leads to its order, and on the ordered one to the way back. */
function sortable<C extends { key: string; title: string }>(column: C, { current, href }: NonNullable<Props["sort"]>) {
  if (!SORTABLE.has(column.key)) return column;
  const isOn = current.replace("-", "") === column.key;
  const isBack = isOn && current.startsWith("-");
  const next = isOn && !isBack ? `-${column.key}` : column.key;
  const Arrow = isBack ? ArrowDown : ArrowUp;
  const title = (
    <Link className="sort" href={href(next)} scroll={false}>
      {column.title}
      {isOn ? <Arrow className="i i-sm" aria-hidden /> : null}
    </Link>
  );
  return { ...column, title, sort: isOn ? (isBack ? ("descending" as const) : ("ascending" as const)) : undefined };
}

export function EntitiesTable({ items, caption, filtered = false, clearHref = "/catalog", compact = false, empty, foot, sort, stars, levels }: Props) {
  const plain = [
    { key: "name", title: "Name" },
    { key: "kind", title: "Kind", className: "end" },
    ...(compact ? [] : [{ key: "owner", title: "Owner" }]),
    ...(levels ? [{ key: "level", title: "Level" }] : []),
    ...(sort ? [{ key: "updated", title: "Changed", className: "desk-cell" }] : [{ key: "path", title: "Golden path", className: "desk-cell" }]),
    { key: "lifecycle", title: "Lifecycle", className: compact ? "end" : "desk-cell" },
  ];
  const columns = sort ? plain.map((column) => sortable(column, sort)) : plain;
  const rows = items.map((entity) => ({
    key: entity.ref,
    cells: {
      name: (
        <span className={stars ? "block entity-cell has-star" : "block entity-cell"}>
          {stars ? <Star entity={entity} starred={stars.has(entity.ref)} /> : null}
          <Link className="name truncate block" href={entityHref(entity.ref)} title={entity.ref}>
            {entity.title}
          </Link>
          {entity.description ? (
            <span className="muted truncate block" title={entity.description}>
              {entity.description}
            </span>
          ) : null}
        </span>
      ),
      kind: entity.type ? `${kindWord(entity.kind)}, ${entity.type}` : kindWord(entity.kind),
      owner: entity.ownerRef ? <Link href={entityHref(entity.ownerRef)}>{refName(entity.ownerRef)}</Link> : null,
      path: entity.goldenPath ? (
        <>
          {entity.goldenPath.name} <span className="muted">{entity.goldenPath.version}</span>
        </>
      ) : null,
      level: levels?.[entity.ref],
      lifecycle: entity.lifecycle,
      updated: entity.updatedAt ? <Time at={entity.updatedAt} /> : null,
    },
  }));
  const nothing = filtered ? (
    <Empty title="No entity fits these filters" action={<LinkButton href={clearHref}>Clear filters</LinkButton>}>
      Others may exist outside of them.
    </Empty>
  ) : (
    (empty ?? (
      <Empty title="The catalog is empty" action={<LinkButton href="/catalog/import">Import files</LinkButton>}>
        It shows what exists, who owns it and what depends on it. Import the catalog-info.yaml files you have, or create a service: it registers itself.
      </Empty>
    ))
  );
  return <Table caption={caption} columns={columns} rows={rows} empty={nothing} foot={foot} />;
}
