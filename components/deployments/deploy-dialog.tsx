"use client";

import { Rocket } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { GuardrailsPart } from "@/components/guardrails/guardrails-part";
import { useGuardrails } from "@/components/guardrails/use-guardrails";
import { Button } from "@/components/ui/button";
import { fieldErrors, NOTHING_TOLD } from "@/components/ui/field-errors";
import { FormDialog } from "@/components/ui/form-dialog";
import { checkDeployToEnvironment, deployToEnvironment } from "@/lib/environments/actions";
import { CommitField, useDeployChoices } from "./commit-field";
import { useCommitChoice } from "./use-commit-choice";

interface Props {
  entityRef: string;
  environment: { id: string; name: string };
  /** In a row of small buttons. */
  quiet?: boolean;
}

/** Chooses a branch, tag or commit and deploys it to an environment. */
export function DeployDialog({ entityRef, environment, quiet = false }: Props) {
  const [open, setOpen] = useState(false);
  const [ref, setRef] = useState("");
  const router = useRouter();
  const [told, tell] = useState(NOTHING_TOLD);
  const choices = useDeployChoices(entityRef, open);
  const wanted = ref.trim() || choices?.defaultBranch || "";
  const { choice, error } = useCommitChoice(entityRef, wanted, open);
  const guard = useGuardrails(open && choice ? { id: environment.id, ref: choice.ref } : null, checkDeployToEnvironment);
  const send = async () => {
    const result = await deployToEnvironment({ id: environment.id, ref: wanted });
    const said = result.ok ? NOTHING_TOLD : fieldErrors(result.error);
    tell(said);
    if (!result.ok) return said.message ?? (said.errors.ref ? "stay" : result.error.message);
    router.push(`/runs/${result.data.run.id}`);
    return null;
  };
  return (
    <>
      {quiet ? (
        <Button size="sm" variant="quiet" onClick={() => setOpen(true)}>
          Deploy…
        </Button>
      ) : (
        <Button variant="primary" onClick={() => setOpen(true)}>
          <Rocket className="i" aria-hidden />
          Deploy
        </Button>
      )}
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        title={`Deploy to ${environment.name}`}
        submitLabel={`Deploy ${choice ? choice.commit.slice(0, 7) : "commit"}`}
        onSubmit={send}
      >
        <p className="muted">The new version starts beside the one that serves and takes over when it is healthy. Nobody is cut off.</p>
        <CommitField value={ref} onChange={setRef} choices={choices} choice={choice} error={error ?? guard.together(told).ref} />
        <GuardrailsPart report={guard.report} problem={guard.problem} isStale={guard.isStale} />
      </FormDialog>
    </>
  );
}
