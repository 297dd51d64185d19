"use client";

import { ChevronRight } from "lucide-react";
import { Fragment, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { Link } from "@/components/ui/link";

export interface Crumb {
  label: string;
  href?: string;
}

/** Where the page is, shown in the top bar that the layout has already drawn: laid over it from the first byte, and part of it once the page is awake. */
export function Crumbs({ crumbs }: { crumbs: Crumb[] }) {
  const [bar, setBar] = useState<HTMLElement | null>(null);
  useEffect(() => setBar(document.getElementById("crumbs")), []);
  const trail = (
    <nav className={bar ? "crumbs" : "crumbs crumbs-early"} aria-label="Breadcrumb">
      {crumbs.map(({ label, href }, index) => (
        <Fragment key={label}>
          {index > 0 ? <ChevronRight className="i" aria-hidden /> : null}
          {href ? (
            <Link href={href}>{label}</Link>
          ) : (
            <span className="truncate" aria-current="page">
              {label}
            </span>
          )}
        </Fragment>
      ))}
    </nav>
  );
  return bar ? createPortal(trail, bar) : trail;
}
