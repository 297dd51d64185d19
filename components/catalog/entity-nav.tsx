"use client";

import { usePathname } from "next/navigation";
import { Tabs } from "@/components/ui/tabs";

/** The tabs of an entity; the layout that holds them is not drawn again when one is chosen, so they look at the address themselves. */
export function EntityNav({ base, tabs }: { base: string; tabs: { label: string; path: string; count?: number }[] }) {
  const pathname = usePathname();
  const current = pathname.slice(base.length + 1).split("/")[0] ?? "";
  return <Tabs label="Entity" tabs={tabs.map(({ label, path, count }) => ({ label, href: path ? `${base}/${path}` : base, current: path === current, count }))} />;
}
