"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import { startDraft } from "@/lib/golden-paths/actions";

/** Begins a draft from the current version, or from another one. */
export function StartEditing({ name, version, label, primary = false }: { name: string; version?: string; label: string; primary?: boolean }) {
  const [pending, setPending] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const start = async () => {
    if (pending) return;
    setPending(true);
    const result = await startDraft({ name, ...(version ? { version } : {}) });
    if (!result.ok) toast(result.error.message);
    if (result.ok) router.push(`/admin/golden-paths/${name}`);
    router.refresh();
    setPending(false);
  };
  return (
    <Button variant={primary ? "primary" : "default"} size={primary ? "md" : "sm"} pending={pending} onClick={start}>
      {label}
    </Button>
  );
}
