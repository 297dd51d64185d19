import { PlaceLink } from "@/components/ui/place-link";
import { day } from "@/lib/core/format";
import type { Change } from "@/lib/surveys/contract";

/** One thing that was changed, with its day and where it can be seen. */
export function ChangeLine({ change }: { change: Change }) {
  const { title, detail, changedOn, isDemo, link } = change;
  return (
    <>
      <span className="strong block">{title}</span>
      <span className="muted block">
        {detail ? `${detail} ` : ""}
        {day(changedOn)}
        {isDemo ? ", demo" : ""}
      </span>
      {link ? <ChangeLink {...link} /> : null}
    </>
  );
}

function ChangeLink({ href, label }: NonNullable<Change["link"]>) {
  if (href === null) return <span className="muted block">{label}</span>;
  return <PlaceLink href={href}>{label}</PlaceLink>;
}
