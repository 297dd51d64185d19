"use client";

import { Button } from "@/components/ui/button";
import { usePart } from "@/components/ui/use-part";

const load = () => import("./grant-exception-dialog").then((module) => module.GrantExceptionDialog);

/** Lets an entity off a check for a while. */
export function GrantException(props: { scorecard: string; entityRef: string; check: { id: string; title: string } }) {
  const { Part, part, trigger } = usePart(load, "dialog");
  return (
    <>
      <Button size="sm" variant="quiet" {...trigger} aria-label={`Grant exception: ${props.check.title}`}>
        Grant exception
      </Button>
      {Part ? <Part {...part} {...props} /> : null}
    </>
  );
}
