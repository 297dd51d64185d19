import type { ReactNode } from "react";
import { type Crumb, Crumbs } from "./crumbs";

/** The content of a page below the top bar, with its place in the portal. */
export function Page({ crumbs, children }: { crumbs: Crumb[]; children: ReactNode }) {
  return (
    <div className="page">
      <Crumbs crumbs={crumbs} />
      {children}
    </div>
  );
}
