import { Fragment, type ReactNode } from "react";
import { Link } from "@/components/ui/link";
import { SectionHead } from "@/components/ui/page-head";
import { Time } from "@/components/ui/time";
import { type EntityDetail, entityHref, type OwnerContact, refName } from "@/lib/catalog/contract";
import { OutLink, OwnerName, WaysToReach } from "./owner-contact";

const WHERE = { upload: "Imported from a file", url: "Read from an address", git: "Read from its repository", remote: "Read from a repository", ui: "Written here" };

/** Something that nobody typed, with where it comes from and how old it is. */
export interface DerivedLine {
  label: string;
  value: ReactNode;
  /** `from the repository`, `from what was deployed`. */
  from: string;
  at: string;
}

/** Where a fact comes from, and since when it is known. */
function Origin({ from, at, now }: { from: string; at: string; now: string }) {
  return (
    <span className="caption block">
      {from}, <Time at={at} now={now} />
    </span>
  );
}

/** The facts of an entity, the first one being whom to ask. */
export function About({ entity, contact, derived, now }: { entity: EntityDetail; contact: OwnerContact | null; derived: DerivedLine[]; now: string }) {
  const { source, facts } = entity;
  return (
    <section>
      <SectionHead title="About" />
      <dl className="facts narrow ruled">
        {contact ? (
          <>
            <dt>Who to ask</dt>
            <dd>
              <WaysToReach contact={contact} />
            </dd>
            <dt>Owner</dt>
            <dd>
              <OwnerName contact={contact} />
              <Origin
                from={`from ${facts.owner && facts.owner.from !== "spec.owner" ? facts.owner.from : "its definition"}`}
                at={facts.owner?.readAt ?? entity.updatedAt}
                now={now}
              />
            </dd>
          </>
        ) : null}
        {entity.lifecycle ? (
          <>
            <dt>Lifecycle</dt>
            <dd>{entity.lifecycle}</dd>
          </>
        ) : null}
        {entity.systemRef ? (
          <>
            <dt>System</dt>
            <dd>
              <Link className="link" href={entityHref(entity.systemRef)}>
                {refName(entity.systemRef)}
              </Link>
            </dd>
          </>
        ) : null}
        {entity.onCall.length ? (
          <>
            <dt>On call</dt>
            <dd className="line wrap">
              {entity.onCall.map((link) => (
                <OutLink key={link.url} {...link} />
              ))}
            </dd>
          </>
        ) : null}
        {derived.map(({ label, value, from, at }) => (
          <Fragment key={label}>
            <dt>{label}</dt>
            <dd>
              {value}
              <Origin from={from} at={at} now={now} />
            </dd>
          </Fragment>
        ))}
        {entity.goldenPath ? (
          <>
            <dt>Golden path</dt>
            <dd>
              <Link className="link" href={`/golden-paths/${encodeURIComponent(entity.goldenPath.name)}`}>
                {entity.goldenPath.name}
              </Link>{" "}
              {entity.goldenPath.version}
            </dd>
          </>
        ) : null}
        {entity.links.length ? (
          <>
            <dt>Links</dt>
            <dd className="line wrap">
              {entity.links.map((link) => (
                <OutLink key={`${link.url} ${link.title}`} {...link} />
              ))}
            </dd>
          </>
        ) : null}
        {entity.tags.length ? (
          <>
            <dt>Tags</dt>
            <dd className="line wrap">
              {entity.tags.map((tag) => (
                <Link key={tag} className="badge" href={`/catalog?tag=${encodeURIComponent(tag)}`}>
                  {tag}
                </Link>
              ))}
            </dd>
          </>
        ) : null}
        <dt>Source</dt>
        <dd>
          {WHERE[source.type]}
          {source.type === "url" || source.type === "remote" ? (
            <>
              : <OutLink url={source.url} title={new URL(source.url).host} />
            </>
          ) : null}
          , <Time at={entity.updatedAt} now={now} />
        </dd>
        <dt>Reference</dt>
        <dd className="mono">{entity.ref}</dd>
      </dl>
    </section>
  );
}
