"use client";

import { useState } from "react";
import { GuardrailsPart } from "@/components/guardrails/guardrails-part";
import { Button } from "@/components/ui/button";
import { LOST } from "@/components/ui/lost";
import type { Environment } from "@/lib/environments/contract";
import { useExtend } from "./use-extend";

/** Usual times to extend by. */
export const EXTENSIONS = ["24h", "48h", "7d"];

/** Extends at one press. Guardrails are asked about the button that somebody is about to press, and speak below where one does not pass. */
export function ExtendButtons({ environment }: { environment: Environment }) {
  const [considered, consider] = useState<string | null>(null);
  const [pending, setPending] = useState<string | null>(null);
  const [lost, setLost] = useState<string | null>(null);
  const { guard, told, send } = useExtend(environment, considered);
  const extend = async (ttl: string) => {
    setPending(ttl);
    setLost(
      await send(ttl).then(
        () => null,
        () => LOST,
      ),
    );
    setPending(null);
  };
  const speaks = guard.report?.results.some(({ verdict }) => verdict !== "passes") ?? false;
  const problem = guard.together(told).ttl ?? told.message ?? lost;
  return (
    <div className="stack extend">
      <span className="btn-group" role="group" aria-label="Extend, from now on">
        {EXTENSIONS.map((ttl, index) => (
          <Button key={ttl} size="sm" pending={pending === ttl} onPointerEnter={() => consider(ttl)} onFocus={() => consider(ttl)} onClick={() => void extend(ttl)}>
            {index === 0 ? `Extend ${ttl}` : ttl}
          </Button>
        ))}
      </span>
      {problem ? (
        <p className="t-danger" role="alert">
          {problem}
        </p>
      ) : null}
      {speaks ? <GuardrailsPart report={guard.report} isStale={guard.isStale} /> : null}
    </div>
  );
}
