import type { ReactNode } from "react";
import { Link } from "@/components/ui/link";
import { PageHead } from "@/components/ui/page-head";
import { type CatalogEntity, type EntityLink, entityHref, kindWord, type OwnerContact, refName } from "@/lib/catalog/contract";
import { AskLine, OutLink } from "./owner-contact";

interface Props {
  entity: CatalogEntity;
  contact: OwnerContact | null;
  onCall: EntityLink[];
  links: EntityLink[];
  /** What its scorecards say. */
  levels?: ReactNode;
  actions?: ReactNode;
}

const LINKS_SHOWN = 3;

/** Name, kind, owner and whom to ask: what a newcomer wants to know first. */
export function EntityHead({ entity, contact, onCall, links, levels, actions }: Props) {
  return (
    <PageHead
      title={entity.title}
      meta={
        <>
          <span>{entity.type ? `${kindWord(entity.kind)}, ${entity.type}` : kindWord(entity.kind)}</span>
          {entity.lifecycle ? <span className={entity.lifecycle === "deprecated" ? "t-warning" : undefined}>{entity.lifecycle}</span> : null}
          {contact ? <AskLine contact={contact} own={onCall} /> : ["group", "user", "location"].includes(entity.kind) ? null : <span className="t-warning">Nobody owns it</span>}
          {entity.systemRef ? (
            <span>
              Part of{" "}
              <Link className="link" href={entityHref(entity.systemRef)}>
                {refName(entity.systemRef)}
              </Link>
            </span>
          ) : null}
          {links
            .filter(({ url }) => !onCall.some((one) => one.url === url))
            .slice(0, LINKS_SHOWN)
            .map((link) => (
              <OutLink key={`${link.url} ${link.title}`} {...link} />
            ))}
          {levels}
          {entity.isDemo ? <span className="badge">Demo</span> : null}
        </>
      }
      actions={actions}
    />
  );
}
