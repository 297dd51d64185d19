"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { removeDemoData } from "@/lib/environments/actions";

export function RemoveDemo() {
  const [open, setOpen] = useState(false);
  const router = useRouter();
  const remove = async () => {
    const result = await removeDemoData({});
    if (!result.ok) return result.error.message;
    router.refresh();
    return null;
  };
  return (
    <>
      <Button variant="danger" onClick={() => setOpen(true)}>
        Remove demo history
      </Button>
      <ConfirmDialog open={open} onOpenChange={setOpen} title="Remove the demo history?" confirmLabel="Remove demo history" onConfirm={remove}>
        <p>Past environments and runs of the demo company are deleted. What people made here themselves is not touched.</p>
      </ConfirmDialog>
    </>
  );
}
