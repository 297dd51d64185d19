"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import type { ActionResult } from "@/lib/core/action";
import { LOST } from "./lost";
import { useToast } from "./toast";

/** State of a button that calls a server action: pending meanwhile, then a toast says what came of it and the page is read again. */
export function useAct() {
  const [pending, setPending] = useState(false);
  const router = useRouter();
  const toast = useToast();
  /** Calls the action; says `done`, or why not. */
  const act = async (call: () => Promise<ActionResult<unknown>>, done: string): Promise<void> => {
    setPending(true);
    const problem = await call().then(
      (result) => (result.ok ? null : result.error.message),
      () => LOST,
    );
    setPending(false);
    toast(problem ?? done);
    router.refresh();
  };
  return { pending, act };
}
