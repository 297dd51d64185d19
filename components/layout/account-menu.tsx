"use client";

import { ChevronsUpDown } from "lucide-react";
import { usePart } from "@/components/ui/use-part";
import { initials } from "@/lib/core/format";

const loadItems = () => import("./account-items").then((module) => module.AccountItems);

export function AccountMenu({ name, detail }: { name: string; detail: string }) {
  const { Part, part, trigger } = usePart(loadItems, "menu");
  return (
    <div className="side-foot">
      <button type="button" className="account" {...trigger}>
        <span className="initials" aria-hidden>
          {initials(name)}
        </span>
        <span className="grow">
          <span className="truncate block font-medium">{name}</span>
          <span className="caption truncate block">{detail}</span>
        </span>
        <ChevronsUpDown className="i" aria-hidden />
      </button>
      {Part ? <Part {...part} /> : null}
    </div>
  );
}
