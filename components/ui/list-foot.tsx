import { Link } from "@/components/ui/link";

/** How much of the list is shown, and the way to the rest. */
export function ListFoot({
  shown,
  total,
  nextHref,
  nextLabel = "Older",
  children,
}: {
  shown: number;
  total: number;
  nextHref: string | null;
  nextLabel?: string;
  children?: React.ReactNode;
}) {
  return (
    <>
      <span>{children ?? `${shown} of ${total}`}</span>
      {nextHref ? (
        <Link className="link" href={nextHref}>
          {nextLabel}
        </Link>
      ) : null}
    </>
  );
}
