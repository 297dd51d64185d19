"use client";

import { Ellipsis } from "lucide-react";
import { Button } from "@/components/ui/button";
import { usePart } from "@/components/ui/use-part";
import type { Environment } from "@/lib/environments/contract";

const loadItems = () => import("./environment-items").then((module) => module.EnvironmentItems);

/** Row actions behind one button. */
export function EnvironmentMenu({ environment }: { environment: Environment }) {
  const { Part, part, trigger } = usePart(loadItems, "menu");
  if (environment.status === "deleted" || environment.isDemo) return null;
  const label = `More for ${environment.name}`;
  return (
    <>
      <Button variant="icon" aria-label={label} title={label} {...trigger}>
        <Ellipsis className="i" aria-hidden />
      </Button>
      {Part ? <Part {...part} environment={environment} /> : null}
    </>
  );
}
