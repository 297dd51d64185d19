"use client";

import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { Fragment, useEffect, useState } from "react";
import { createPortal } from "react-dom";

export interface Crumb {
  label: string;
  href?: string;
}

/** Where the page is, shown in the top bar that the layout has already drawn. */
export function Crumbs({ crumbs }: { crumbs: Crumb[] }) {
  const [bar, setBar] = useState<HTMLElement | null>(null);
  useEffect(() => setBar(document.getElementById("crumbs")), []);
  if (!bar) return null;
  return createPortal(
    <nav className="crumbs" aria-label="Breadcrumb">
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
    </nav>,
    bar,
  );
}
