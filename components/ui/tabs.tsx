import { Link } from "@/components/ui/link";
import { CurrentInView } from "./current-in-view";

export interface Tab {
  label: string;
  href: string;
  current: boolean;
  count?: number | undefined;
}

/** Tabs are links: each has its own address. */
export function Tabs({ label, tabs, tight = false }: { label: string; tabs: Tab[]; tight?: boolean }) {
  return (
    <nav className={tight ? "tabs tight" : "tabs"} aria-label={label}>
      <CurrentInView current={tabs.find((tab) => tab.current)?.href ?? ""} />
      {tabs.map((tab) => (
        <Link key={tab.href} href={tab.href} aria-current={tab.current ? "page" : undefined}>
          {tab.label}
          {tab.count === undefined ? null : <span className="count">{tab.count.toLocaleString("en-GB")}</span>}
        </Link>
      ))}
    </nav>
  );
}
