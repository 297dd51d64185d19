import { Link } from "@/components/ui/link";
import { SectionHead } from "@/components/ui/page-head";
import { type EntityRow, entityHref, kindWord, refName } from "@/lib/catalog/contract";

/** What the person wants at hand of the catalog. */
export function Starred({ items, total }: { items: EntityRow[]; total: number }) {
  return (
    <section>
      <SectionHead title="Starred" aside={total > items.length ? <Link href="/catalog?scope=starred">All {total}</Link> : String(total)} />
      <ul className="list bare tight">
        {items.map((entity) => (
          <li key={entity.ref}>
            <Link className="grow truncate strong" href={entityHref(entity.ref)} title={entity.ref}>
              {entity.title}
            </Link>
            <span className="muted">{entity.ownerRef ? refName(entity.ownerRef) : (entity.type ?? kindWord(entity.kind))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
