import { Fragment } from "react";
import { Link } from "@/components/ui/link";
import type { EntityLink, OwnerContact } from "@/lib/catalog/contract";

/** A link out of the portal, or to a mail program. */
export function OutLink({ url, title }: EntityLink) {
  return (
    <a className="link" href={url} target={url.startsWith("mailto:") ? undefined : "_blank"} rel="noreferrer">
      {title}
    </a>
  );
}

function listed<T>(items: T[], draw: (item: T) => React.ReactNode, keyOf: (item: T) => string) {
  return items.map((item, index) => (
    <Fragment key={keyOf(item)}>
      {index > 0 ? ", " : ""}
      {draw(item)}
    </Fragment>
  ));
}

/** The owner's name; a link where the owner is known. */
export function OwnerName({ contact }: { contact: OwnerContact }) {
  if (contact.href) {
    return (
      <Link className="link" href={contact.href} title={contact.ref}>
        {contact.title}
      </Link>
    );
  }
  return (
    <span title={contact.ref}>
      {contact.title} <span className="t-warning">not in the catalog</span>
    </span>
  );
}

/** Ways to reach the owner: links such as the chat channel, then people, then mail. */
export function WaysToReach({ contact }: { contact: OwnerContact }) {
  const ways: { key: string; node: React.ReactNode }[] = [
    ...contact.links
      .filter(({ url }) => !contact.onCall.some((one) => one.url === url))
      .slice(0, 2)
      .map((link) => ({ key: link.url, node: <OutLink {...link} /> })),
    ...contact.people.slice(0, 3).map((person) => ({ key: person.handle, node: person.email ? <OutLink url={`mailto:${person.email}`} title={person.name} /> : person.name })),
    ...(contact.email ? [{ key: contact.email, node: <OutLink url={`mailto:${contact.email}`} title={contact.email} /> }] : []),
  ];
  if (ways.length === 0) return <span className="muted">No contact is known</span>;
  return (
    <>
      {listed(
        ways,
        ({ node }) => node,
        ({ key }) => key,
      )}
    </>
  );
}

/** `Owned by checkout · ask #team-checkout, Olga Marin · on call PagerDuty`. `own`: on-call links of the thing itself, which come first. */
export function AskLine({ contact, own = [] }: { contact: OwnerContact; own?: EntityLink[] }) {
  const onCall = own.length ? own : contact.onCall;
  return (
    <>
      <span>
        Owned by <OwnerName contact={contact} />
      </span>
      {contact.href ? (
        <span>
          Ask <WaysToReach contact={contact} />
        </span>
      ) : null}
      <OnCall links={onCall} />
    </>
  );
}

/** `On call PagerDuty`; nothing where nobody said. */
export function OnCall({ links }: { links: EntityLink[] }) {
  if (links.length === 0) return null;
  return (
    <span>
      On call{" "}
      {listed(
        links.slice(0, 2),
        (link) => (
          <OutLink {...link} />
        ),
        ({ url }) => url,
      )}
    </span>
  );
}
