"use client";

import { useRouter } from "next/navigation";
import { ConfirmDialog } from "@/components/ui/confirm";
import { deleteEnvironment } from "@/lib/environments/actions";

interface Props {
  environment: { id: string; name: string; lifetime: "ephemeral" | "permanent" };
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function DeleteEnvironment({ environment, open, onOpenChange }: Props) {
  const router = useRouter();
  const confirm = async () => {
    const result = await deleteEnvironment({ id: environment.id });
    if (!result.ok) return result.error.message;
    if (result.data.run) router.push(`/runs/${result.data.run.id}`);
    router.refresh();
    return null;
  };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Delete ${environment.name}?`}
      confirmLabel="Delete environment"
      onConfirm={confirm}
      {...(environment.lifetime === "permanent" ? { typed: environment.name } : {})}
    >
      <p>Its process, database, address and files are removed, and a receipt is kept. Data that lives only there is lost.</p>
    </ConfirmDialog>
  );
}
