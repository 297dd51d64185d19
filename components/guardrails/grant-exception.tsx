"use client";

import { Button } from "@/components/ui/button";
import { usePart } from "@/components/ui/use-part";

const load = () => import("./grant-exception-dialog").then((module) => module.GrantExceptionDialog);

/** Lets a team through for a while. */
export function GrantException(props: { name: string; title: string; teams: { ref: string; title: string }[] }) {
  const { Part, part, trigger } = usePart(load, "dialog");
  return (
    <>
      <Button {...trigger}>Let a team through</Button>
      {Part ? <Part {...part} {...props} /> : null}
    </>
  );
}
