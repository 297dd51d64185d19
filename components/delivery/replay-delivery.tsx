"use client";

import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import { replayWebhookDelivery } from "@/lib/metrics/actions";

/** Has a delivery worked on again. */
export function ReplayDelivery({ id }: { id: string }) {
  const router = useRouter();
  const toast = useToast();
  const replay = async () => {
    const result = await replayWebhookDelivery({ id });
    toast(result.ok ? "Replayed. Figures do not change by it." : result.error.message);
    router.refresh();
  };
  return (
    <Button size="sm" onClick={() => void replay()}>
      Replay
    </Button>
  );
}
