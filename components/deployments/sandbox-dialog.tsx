"use client";

import { Box } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { GuardrailsPart } from "@/components/guardrails/guardrails-part";
import { useGuardrails } from "@/components/guardrails/use-guardrails";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { fieldErrors, NOTHING_TOLD } from "@/components/ui/field-errors";
import { FormDialog } from "@/components/ui/form-dialog";
import { checkCreateEnvironment, createEnvironment } from "@/lib/environments/actions";
import { CommitField, useDeployChoices } from "./commit-field";
import { useCommitChoice } from "./use-commit-choice";

const TTLS = ["4h", "24h", "48h", "7d"];

/** A copy of the service at a branch, with its own database, that ends by itself. */
export function SandboxDialog({ entityRef, title }: { entityRef: string; title: string }) {
  const [open, setOpen] = useState(false);
  const [ref, setRef] = useState("");
  const [ttl, setTtl] = useState("24h");
  const router = useRouter();
  const [told, tell] = useState(NOTHING_TOLD);
  const choices = useDeployChoices(entityRef, open);
  const wanted = ref.trim() || choices?.defaultBranch || "";
  const { choice, error } = useCommitChoice(entityRef, wanted, open);
  const guard = useGuardrails(open ? { entityRef, tier: "sandbox" as const, ttl, ...(wanted ? { ref: wanted } : {}) } : null, checkCreateEnvironment);
  const shown = guard.together(told);
  const send = async () => {
    const result = await createEnvironment({ entityRef, tier: "sandbox", ttl, ...(wanted ? { ref: wanted } : {}) });
    tell(result.ok ? NOTHING_TOLD : fieldErrors(result.error));
    if (!result.ok) return result.error.fields.some(({ path }) => path === "ref" || path === "ttl") ? "stay" : result.error.message;
    router.push(`/runs/${result.data.run.id}`);
    return null;
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Box className="i" aria-hidden />
        Create sandbox
      </Button>
      <FormDialog open={open} onOpenChange={setOpen} title={`Create a sandbox of ${title}`} submitLabel="Create sandbox" onSubmit={send}>
        <p className="muted">It runs a branch with a database of its own and ends by itself.</p>
        <CommitField value={ref} onChange={setRef} choices={choices} choice={choice} error={error ?? shown.ref} />
        <Field id="ttl" label="Ends after" help="It can be extended later." error={shown.ttl}>
          <ChoiceField
            {...fieldProps("ttl", shown.ttl, true)}
            value={ttl}
            onChange={(event) => setTtl(event.target.value)}
            options={TTLS.map((one) => ({ value: one, label: one }))}
          />
        </Field>
        <GuardrailsPart report={guard.report} problem={guard.problem} isStale={guard.isStale} />
      </FormDialog>
    </>
  );
}
