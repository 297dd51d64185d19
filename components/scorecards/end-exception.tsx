"use client";

import { Button } from "@/components/ui/button";
import { useAct } from "@/components/ui/use-act";
import { endException } from "@/lib/scorecards/actions";
import type { ScorecardException } from "@/lib/scorecards/contract";

export function EndException({ scorecard, exception }: { scorecard: string; exception: ScorecardException }) {
  const { pending, act } = useAct();
  return (
    <Button size="sm" pending={pending} onClick={() => void act(() => endException({ name: scorecard, id: exception.id }), "The exception is taken back. The check counts again.")}>
      End exception
    </Button>
  );
}
