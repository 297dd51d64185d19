"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { useToast } from "@/components/ui/toast";
import { useAct } from "@/components/ui/use-act";
import { deleteGuardrail, editGuardrail } from "@/lib/guardrails/actions";
import type { GuardrailForEdit } from "@/lib/guardrails/contract";

/** Switch it off at once, and delete. */
export function GuardrailSwitches({ guardrail }: { guardrail: Pick<GuardrailForEdit, "name" | "revision" | "definition"> }) {
  const [deleting, setDeleting] = useState(false);
  const { pending, act } = useAct();
  const toast = useToast();
  const router = useRouter();
  const { name, revision, definition } = guardrail;
  const off = () =>
    act(() => editGuardrail({ name, revision, definition: { ...definition, effect: "off" }, note: "Switched off." }), "Switched off. It neither refuses nor warns any more.");
  const remove = async () => {
    const result = await deleteGuardrail({ name });
    if (!result.ok) return result.error.message;
    toast(`${definition.title} is deleted.`);
    router.push("/admin/guardrails");
    return null;
  };
  return (
    <>
      {definition.effect === "off" ? null : (
        <Button pending={pending} onClick={() => void off()}>
          Switch off
        </Button>
      )}
      <Button variant="danger" onClick={() => setDeleting(true)}>
        Delete
      </Button>
      <ConfirmDialog open={deleting} onOpenChange={setDeleting} title={`Delete ${definition.title}?`} confirmLabel="Delete guardrail" typed={name} onConfirm={remove}>
        Its revisions and exceptions go with it. What it decided stays readable. Switching it off keeps them.
      </ConfirmDialog>
    </>
  );
}
