"use client";

import { Button } from "@/components/ui/button";
import { useAct } from "@/components/ui/use-act";
import { endException } from "@/lib/guardrails/actions";
import type { GuardrailException } from "@/lib/guardrails/contract";

export function EndException({ guardrail, exception }: { guardrail: string; exception: GuardrailException }) {
  const { pending, act } = useAct();
  return (
    <Button
      size="sm"
      pending={pending}
      aria-label={`End exception of ${exception.team.title}`}
      onClick={() => void act(() => endException({ name: guardrail, id: exception.id }), `${exception.team.title} has to keep within it again.`)}
    >
      End exception
    </Button>
  );
}
