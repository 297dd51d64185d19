"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { startProposal } from "@/lib/golden-paths/actions";
import { ProposalFields } from "./proposal-fields";

interface Props {
  name: string;
  /** Teams of the person, by their short names. */
  teams: string[];
}

/** Begins a change to a published path that the platform team reviews. */
export function ProposeChange({ name, teams }: Props) {
  const [open, setOpen] = useState(false);
  const [title, setTitle] = useState("");
  const [reason, setReason] = useState("");
  const [team, setTeam] = useState(teams[0] ?? "");
  const [errors, setErrors] = useState<Record<string, string>>({});
  const router = useRouter();
  const submit = async () => {
    const result = await startProposal({ goldenPath: name, title, reason, team });
    if (result.ok) {
      router.push(`/golden-paths/${name}/proposals/${result.data.id}/edit`);
      return null;
    }
    setErrors(Object.fromEntries(result.error.fields.map(({ path, message }) => [path, message])));
    return result.error.fields.length > 0 ? "stay" : result.error.message;
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>Propose a change</Button>
      {open ? (
        <FormDialog open onOpenChange={setOpen} title={`Propose a change to ${name}`} submitLabel="Start proposal" onSubmit={submit}>
          <p className="muted">You edit a copy that only your team sees. Once you submit it, the platform team reviews it; nothing changes for others before that.</p>
          <ProposalFields {...{ title, reason, errors }} onTitle={setTitle} onReason={setReason} />
          {teams.length > 1 ? (
            <Field id="team" label="For team" error={errors.team}>
              <select {...fieldProps("team", errors.team)} className="input" value={team} onChange={(event) => setTeam(event.target.value)}>
                {teams.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            </Field>
          ) : null}
        </FormDialog>
      ) : null}
    </>
  );
}
