import { Link } from "@/components/ui/link";
import { SectionHead } from "@/components/ui/page-head";
import { treeHref } from "./addresses";

interface Ref {
  name: string;
  commit: string;
}

/** Branches and tags as the way to their files; the first twenty of each. */
export function RefLinks({ repository, title, refs, current }: { repository: { owner: string; name: string }; title: string; refs: Ref[]; current?: string }) {
  if (refs.length === 0) return null;
  return (
    <section>
      <SectionHead title={title} aside={refs.length > 20 ? `20 of ${refs.length}` : refs.length} />
      <ul className="list bare">
        {refs.slice(0, 20).map((ref) => (
          <li key={ref.name}>
            <Link className="grow truncate" href={treeHref(repository, ref.name)} title={ref.name} aria-current={ref.name === current || undefined}>
              {ref.name}
            </Link>
            <span className="mono muted">{ref.commit.slice(0, 7)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
