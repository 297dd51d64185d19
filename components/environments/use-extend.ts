"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useGuardrails } from "@/components/guardrails/use-guardrails";
import { fieldErrors, NOTHING_TOLD } from "@/components/ui/field-errors";
import { useToast } from "@/components/ui/toast";
import type { ActionResult } from "@/lib/core/action";
import { checkExtendEnvironment, extendEnvironment } from "@/lib/environments/actions";
import type { Environment } from "@/lib/environments/contract";
import type { GuardrailWarning } from "@/lib/guardrails/contract";

type Extended = Awaited<ReturnType<typeof extendEnvironment>>;

/** A new time to live for an environment: what guardrails say of the one that is being looked at (null = none yet), and its sending. */
export function useExtend(environment: Environment, considered: string | null) {
  const [told, tell] = useState(NOTHING_TOLD);
  const router = useRouter();
  const toast = useToast();
  const guard = useGuardrails(considered === null ? null : { id: environment.id, ttl: considered }, checkExtendEnvironment);
  const send = async (ttl: string, undone = false): Promise<Extended> => {
    const result = await extendEnvironment({ id: environment.id, ttl });
    tell(result.ok ? NOTHING_TOLD : fieldErrors(result.error));
    if (result.ok) toast(extendedWords(undone ? "Put back." : `${environment.name} now ends in ${ttl}.`, result.data.warnings), undone ? undefined : undoOf(environment, send));
    router.refresh();
    return result;
  };
  return { guard, told, send };
}

/** What was done, and what guardrails let through all the same. */
export const extendedWords = (done: string, warnings: Pick<GuardrailWarning, "message" | "fix">[]): string =>
  [done, ...warnings.map(({ message, fix }) => `${message} ${fix}`)].join(" ");

/** The way back to what was left before, as far as whole minutes go. */
function undoOf(environment: Environment, extend: (ttl: string, undone: boolean) => Promise<ActionResult<unknown>>) {
  const minutes = environment.expiresAt ? Math.max(1, Math.round((Date.parse(environment.expiresAt) - (performance.timeOrigin + performance.now())) / 60_000)) : 0;
  return minutes ? () => void extend(`${minutes}m`, true) : undefined;
}
