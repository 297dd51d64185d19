import { Link } from "@/components/ui/link";
import { type EntityGraph, entityHref, kindWord, refName } from "@/lib/catalog/contract";

/** Two lines of them; a wall of names would push the graph out of sight. */
const OWNERS_SHOWN = 20;

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;

/** What breaks if an entity goes, and whose that is. */
export function ImpactSummary({ title, graph }: { title: string; graph: EntityGraph }) {
  const others = graph.nodes.filter(({ side, exists }) => side !== "root" && exists);
  const counted = (key: (node: EntityGraph["nodes"][number]) => string) => {
    const counts = new Map<string, number>();
    for (const node of others) counts.set(key(node), (counts.get(key(node)) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  };
  const owners = counted(({ ownerRef }) => ownerRef ?? "");
  if (others.length === 0) return <p className="lead">Nothing that the catalog knows of needs {title}.</p>;
  const rest = owners.slice(OWNERS_SHOWN);
  return (
    <div className="stack">
      <p className="body lead">
        If {title} goes,{graph.isCut ? " at least " : " "}
        <span className="strong">
          {counted(({ kind }) => kind)
            .map(([kind, count]) => plural(count, kind === "api" ? "API" : kindWord(kind).toLowerCase()))
            .join(", ")}
        </span>{" "}
        {others.length === 1 ? "is" : "are"} affected. Tell {plural(owners.filter(([ref]) => ref).length, "owner")}:
      </p>
      <Owners owners={owners.slice(0, OWNERS_SHOWN)} />
      {rest.length > 0 ? (
        <details>
          <summary className="link-quiet">{plural(rest.length, "more owner")}</summary>
          <Owners owners={rest} />
        </details>
      ) : null}
    </div>
  );
}

function Owners({ owners }: { owners: [string, number][] }) {
  return (
    <ul className="line wrap bare">
      {owners.map(([ref, count]) => (
        <li key={ref} className="badge">
          {ref ? <Link href={entityHref(ref)}>{refName(ref)}</Link> : <span className="t-warning">nobody owns</span>}
          <span className="muted">&nbsp;{count}</span>
        </li>
      ))}
    </ul>
  );
}
