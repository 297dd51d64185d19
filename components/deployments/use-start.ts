"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useToast } from "@/components/ui/toast";
import type { ActionResult } from "@/lib/core/action";

/** Starts something that answers with a run and goes to its page; what is refused is said in a toast. `pending` names what is under way. */
export function useStart() {
  const [pending, setPending] = useState<string | null>(null);
  const router = useRouter();
  const toast = useToast();
  const start = async (name: string, call: () => Promise<ActionResult<{ run: { id: string } }>>) => {
    if (pending) return;
    setPending(name);
    const result = await call();
    setPending(null);
    if (result.ok) router.push(`/runs/${result.data.run.id}`);
    else toast(result.error.message);
  };
  return { pending, start };
}
