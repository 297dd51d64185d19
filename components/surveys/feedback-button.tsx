"use client";

import { MessageSquarePlus } from "lucide-react";
import { Button } from "@/components/ui/button";
import { usePart } from "@/components/ui/use-part";

const loadDialog = () => import("./feedback-dialog").then((module) => module.FeedbackDialog);

/** On every page: tell the platform team something. */
export function FeedbackButton() {
  const { Part, part, trigger } = usePart(loadDialog, "dialog");
  return (
    <>
      <Button variant="icon" aria-label="Tell the platform team" title="Tell the platform team" {...trigger}>
        <MessageSquarePlus className="i" aria-hidden />
      </Button>
      {Part ? <Part {...part} /> : null}
    </>
  );
}
