import type { ReactNode } from "react";
import { FeedbackButton } from "@/components/surveys/feedback-button";
import { Link } from "@/components/ui/link";
import type { Notification } from "@/lib/notifications/contract";
import { AccountMenu } from "./account-menu";
import { KeyboardShortcuts } from "./keyboard";
import { Mark } from "./mark";
import { NavList } from "./nav-list";
import { NotificationsMenu } from "./notifications-menu";
import { PhoneNav } from "./phone-nav";
import { SearchButton, SearchIconButton } from "./search-button";

export interface ShellProps {
  organisation: string;
  person: { name: string; detail: string };
  isAdmin: boolean;
  isDemo: boolean;
  counts: Record<string, number>;
  notices: { items: Notification[]; unread: number };
  children: ReactNode;
}

/** The frame around every signed-in page. Pages render their own breadcrumb into it through `Crumbs`. */
export function Shell({ organisation, person, isAdmin, isDemo, counts, notices, children }: ShellProps) {
  const inside = (
    <>
      <Link className="brand" href="/">
        <Mark />
        Waymark
        {organisation === "Waymark" ? null : <span className="caption">{organisation}</span>}
      </Link>
      <SearchButton />
      <NavList isAdmin={isAdmin} counts={counts} />
      <AccountMenu name={person.name} detail={person.detail} />
    </>
  );
  return (
    <div className="shell">
      <a className="btn skip-link" href="#content">
        Skip to content
      </a>
      <aside className="sidebar" aria-label="Sidebar">
        {inside}
      </aside>
      <div className="min-w-0">
        <header className="topbar">
          <PhoneNav>{inside}</PhoneNav>
          <div id="crumbs" className="min-w-0" />
          <div className="line ml-auto">
            {isDemo ? (
              <span className="badge desk" title="Demo sign-in: anybody who reaches this portal can be anybody. Set OIDC_ISSUER before real use.">
                Demo
              </span>
            ) : null}
            <SearchIconButton />
            <FeedbackButton />
            <NotificationsMenu {...notices} />
          </div>
        </header>
        <main id="content">{children}</main>
      </div>
      <KeyboardShortcuts isAdmin={isAdmin} />
    </div>
  );
}
