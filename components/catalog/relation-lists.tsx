import { Link } from "@/components/ui/link";
import { SectionHead } from "@/components/ui/page-head";
import { type EntityRelation, entityHref, kindWord, refName } from "@/lib/catalog/contract";

export const NEEDS = ["dependsOn", "consumesApi"];
export const NEEDED_BY = ["dependencyOf", "apiConsumedBy"];

/** A related entity by its name; one that the catalog does not have is said to be missing. */
export function RelatedName({ relation }: { relation: EntityRelation }) {
  if (!relation.target) {
    return (
      <span className="grow truncate" title={relation.targetRef}>
        {refName(relation.targetRef)} <span className="t-warning">not in the catalog</span>
      </span>
    );
  }
  return (
    <Link className="grow truncate strong" href={entityHref(relation.targetRef)} title={relation.targetRef}>
      {relation.target.title}
    </Link>
  );
}

/** Beside a name: who answers for it; what it is, where the owner is the page's own or does not matter. */
function asideOf({ type, target, targetRef }: EntityRelation): string {
  const kind = kindWord(target?.kind ?? targetRef.split(":")[0] ?? "");
  if (!target || ["ownerOf", "childOf", "parentOf", "memberOf", "hasMember"].includes(type)) return target?.type ?? kind;
  return target.ownerRef ? refName(target.ownerRef) : "no owner";
}

interface Props {
  title: string;
  relations: EntityRelation[];
  types: string[];
  moreHref?: string;
  /** Said where there are none; without it the section is left out. */
  none?: string;
}

const SHOWN = 8;

/** A short list of related entities for the rail. */
export function RelationList({ title, relations, types, moreHref, none }: Props) {
  const found = relations.filter(({ type }) => types.includes(type));
  if (found.length === 0 && !none) return null;
  return (
    <section>
      <SectionHead title={title} aside={moreHref && found.length > SHOWN ? <Link href={moreHref}>All {found.length}</Link> : found.length ? String(found.length) : null} />
      {found.length === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        <ul className="list bare tight">
          {found.slice(0, SHOWN).map((relation) => (
            <li key={`${relation.type} ${relation.targetRef}`}>
              <RelatedName relation={relation} />
              <span className="muted">{asideOf(relation)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
