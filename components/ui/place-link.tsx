import type { ReactNode } from "react";
import { Link } from "@/components/ui/link";

/** A link to a page of the portal, or to an address elsewhere in a tab of its own. */
export function PlaceLink({ href, className = "link", children }: { href: string; className?: string; children: ReactNode }) {
  return href.startsWith("/") ? (
    <Link className={className} href={href}>
      {children}
    </Link>
  ) : (
    <a className={className} href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
