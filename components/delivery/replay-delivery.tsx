"use client";

import { Button } from "@/components/ui/button";
import { useAct } from "@/components/ui/use-act";
import { replayWebhookDelivery } from "@/lib/metrics/actions";

/** Has a delivery worked on again. */
export function ReplayDelivery({ id }: { id: string }) {
  const { pending, act } = useAct();
  const replay = () => act(() => replayWebhookDelivery({ id }), "Replayed. Figures do not change by it.");
  return (
    <Button size="sm" pending={pending} onClick={() => void replay()}>
      Replay
    </Button>
  );
}
