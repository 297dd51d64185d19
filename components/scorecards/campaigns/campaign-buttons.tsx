"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { useToast } from "@/components/ui/toast";
import { usePart } from "@/components/ui/use-part";
import { endCampaign } from "@/lib/scorecards/actions";
import type { CampaignDialogProps } from "./campaign-dialog";

const load = () => import("./campaign-dialog").then((module) => module.CampaignDialog);

/** Starts a campaign, or changes the one that is given. */
export function CampaignButton(props: CampaignDialogProps) {
  const { Part, part, trigger } = usePart(load, "dialog");
  return (
    <>
      <Button size="sm" {...trigger} aria-label={props.campaign ? `Change ${props.campaign.title}` : undefined}>
        {props.campaign ? "Change" : "Start campaign"}
      </Button>
      {Part ? <Part {...part} {...props} /> : null}
    </>
  );
}

export function EndCampaign({ scorecard, id, title }: { scorecard: string; id: string; title: string }) {
  const [open, setOpen] = useState(false);
  const toast = useToast();
  const end = async () => {
    const result = await endCampaign({ name: scorecard, id });
    if (!result.ok) return result.error.message;
    toast(`${title} is ended.`);
    return null;
  };
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)} aria-label={`End ${title}`}>
        End
      </Button>
      <ConfirmDialog open={open} onOpenChange={setOpen} title={`End ${title}?`} confirmLabel="End campaign" onConfirm={end}>
        Nobody is reminded any more, and it leaves people's home pages. What was reached stays reached.
      </ConfirmDialog>
    </>
  );
}
