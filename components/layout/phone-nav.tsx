"use client";

import { Menu } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { usePart } from "@/components/ui/use-part";

const loadSheet = () => import("./phone-sheet").then((module) => module.PhoneSheet);

/** On a phone the sidebar is a sheet behind a button. */
export function PhoneNav({ children }: { children: ReactNode }) {
  const { Part, part, trigger } = usePart(loadSheet, "dialog");
  return (
    <>
      <Button variant="icon" className="phone line -ml-3" aria-label="Open navigation" {...trigger}>
        <Menu className="i" aria-hidden />
      </Button>
      {Part ? <Part {...part}>{children}</Part> : null}
    </>
  );
}
