"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { useToast } from "@/components/ui/toast";
import { useAct } from "@/components/ui/use-act";
import { deleteScorecard, editScorecard } from "@/lib/scorecards/actions";
import type { ScorecardForEdit } from "@/lib/scorecards/contract";

/** Disable, enable, delete. */
export function ScorecardSwitches({ card }: { card: Pick<ScorecardForEdit, "name" | "revision" | "isEnabled"> & { title: string } }) {
  const [deleting, setDeleting] = useState(false);
  const { pending, act } = useAct();
  const toast = useToast();
  const router = useRouter();
  const set = (isEnabled: boolean) =>
    act(
      () => editScorecard({ name: card.name, revision: card.revision, isEnabled }),
      isEnabled ? "Enabled. It is being evaluated." : "Disabled. Its results are kept and shown to nobody.",
    );
  const remove = async () => {
    const result = await deleteScorecard({ name: card.name });
    if (!result.ok) return result.error.message;
    toast(`${card.title} is deleted.`);
    router.push("/admin/scorecards");
    return null;
  };
  return (
    <>
      <Button pending={pending} onClick={() => void set(!card.isEnabled)}>
        {card.isEnabled ? "Disable" : "Enable"}
      </Button>
      <Button variant="danger" onClick={() => setDeleting(true)}>
        Delete
      </Button>
      <ConfirmDialog open={deleting} onOpenChange={setDeleting} title={`Delete ${card.title}?`} confirmLabel="Delete scorecard" typed={card.name} onConfirm={remove}>
        Its results, its trend and its exceptions go with it. Disabling keeps them and shows them to nobody.
      </ConfirmDialog>
    </>
  );
}
