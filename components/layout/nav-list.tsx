"use client";

import { usePathname } from "next/navigation";
import { CurrentInView } from "@/components/ui/current-in-view";
import { Link } from "@/components/ui/link";
import { ADMIN_NAV, AUDIT_NAV, INSIGHT_NAV, MAIN_NAV, type NavItem } from "./nav";
import { NavPending } from "./nav-pending";

function isCurrent(pathname: string, href: string): boolean {
  return href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
}

function Items({ items, counts }: { items: NavItem[]; counts: Record<string, number> }) {
  const pathname = usePathname();
  return (
    <div className="nav">
      {items.map(({ label, href, icon: Icon }) => (
        <Link key={href} href={href} className="nav-item" aria-current={isCurrent(pathname, href) ? "page" : undefined}>
          <Icon className="i" aria-hidden />
          {label}
          <NavPending />
          {counts[href] ? <span className="count">{counts[href]}</span> : null}
        </Link>
      ))}
    </div>
  );
}

export function NavList({ isAdmin, counts }: { isAdmin: boolean; counts: Record<string, number> }) {
  return (
    <nav aria-label="Main">
      <CurrentInView current={usePathname()} />
      <Items items={MAIN_NAV} counts={counts} />
      <div className="nav-head">Insight</div>
      <Items items={INSIGHT_NAV} counts={counts} />
      <div className="nav-head">{isAdmin ? "Administration" : "Record"}</div>
      <Items items={isAdmin ? [...ADMIN_NAV, AUDIT_NAV] : [AUDIT_NAV]} counts={counts} />
    </nav>
  );
}
