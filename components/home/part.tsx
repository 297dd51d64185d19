import type { ReactNode } from "react";
import { SectionHead } from "@/components/ui/page-head";

/** A section of home that fails alone: without a value it says so, and the rest of the page stands. */
export function Part<T>({
  title,
  count,
  aside,
  value,
  children,
}: {
  title: string;
  count?: number | undefined;
  aside?: ReactNode;
  value: T | null;
  children: (value: T) => ReactNode;
}) {
  return (
    <section>
      <SectionHead
        title={
          <>
            {title} {count === undefined ? null : <span className="muted">{count}</span>}
          </>
        }
        aside={aside}
      />
      {value === null ? <div className="panel panel-body muted">This part did not load. Reload the page to try again; the rest works.</div> : children(value)}
    </section>
  );
}
