"use client";

import { Button } from "@/components/ui/button";
import { useAct } from "@/components/ui/use-act";
import { editStepAction } from "@/lib/golden-paths/actions";

/** Switches an action off, so that paths that need it do not begin, and on again. */
export function SwitchAction({ action: { id, revision, isEnabled } }: { action: { id: string; revision: number; isEnabled: boolean } }) {
  const { pending, act } = useAct();
  const done = isEnabled ? "Switched off. Golden paths that need it do not begin." : "Switched on.";
  return (
    <Button pending={pending} onClick={() => void act(() => editStepAction({ id, revision, isEnabled: !isEnabled }), done)}>
      {isEnabled ? "Switch off" : "Switch on"}
    </Button>
  );
}
