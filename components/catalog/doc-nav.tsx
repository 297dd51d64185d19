import { Search } from "lucide-react";
import { Fragment } from "react";
import { Link } from "@/components/ui/link";
import { docHref } from "./entity-doc";

interface Props {
  entityRef: string;
  docs: { path: string; title: string; section: string }[];
  current: string | null;
  q: string;
  action: string;
}

/** The documents of an entity under the headings of their navigation, and a search in them. */
export function DocNav({ entityRef, docs, current, q, action }: Props) {
  return (
    <nav className="doc-nav" aria-label="Documents">
      <form className="search sm mb-3" action={action} method="get" role="search">
        <Search className="i" aria-hidden />
        <input className="input" type="search" name="q" aria-label="Search these documents" placeholder="Search documents" defaultValue={q} maxLength={100} />
      </form>
      {docs.map((doc, index) => (
        <Fragment key={doc.path}>
          {doc.section && doc.section !== docs[index - 1]?.section ? <h2 className="truncate">{doc.section}</h2> : null}
          <Link className="truncate" href={docHref(entityRef, doc.path)} aria-current={doc.path === current ? "page" : undefined} title={doc.path}>
            {doc.title}
          </Link>
        </Fragment>
      ))}
    </nav>
  );
}
