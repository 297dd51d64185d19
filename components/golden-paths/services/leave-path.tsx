"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";
import { ejectConcern } from "@/lib/golden-paths/actions";

interface Props {
  service: string;
  goldenPath: string;
  concerns: { name: string; files: string[] }[];
}

const WHOLE = "";

/** Takes a concern, or all of the path, into the team's hands, with a reason. Nothing in the repository changes. */
export function LeavePath({ service, goldenPath, concerns }: Props) {
  const [open, setOpen] = useState(false);
  const [concern, setConcern] = useState(concerns[0]?.name ?? WHOLE);
  const [reason, setReason] = useState("");
  const [errors, setErrors] = useState<Record<string, string>>({});
  const router = useRouter();
  const toast = useToast();
  const files = concerns.find(({ name }) => name === concern)?.files;
  const submit = async () => {
    const result = await ejectConcern({ service, concern: concern || null, reason });
    if (!result.ok) {
      setErrors(Object.fromEntries(result.error.fields.map(({ path, message }) => [path, message])));
      return result.error.fields.length ? "stay" : result.error.message;
    }
    toast(concern ? `Upgrades leave ${concern} alone from now on.` : "Upgrades leave the service alone from now on.");
    setReason("");
    router.refresh();
    return null;
  };
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        Leave the path
      </Button>
      <FormDialog open={open} onOpenChange={setOpen} title={`Leave ${goldenPath}`} submitLabel="Leave" onSubmit={submit}>
        <Field
          id="concern"
          label="What the team looks after itself"
          help={files ? `Upgrades leave ${files.join(", ")} alone.` : "Upgrades leave every file alone."}
          error={errors.concern}
        >
          <ChoiceField
            {...fieldProps("concern", errors.concern, true)}
            value={concern}
            options={[...concerns.map(({ name }) => ({ value: name, label: name })), { value: WHOLE, label: "The whole path" }]}
            onChange={(event) => setConcern(event.target.value)}
          />
        </Field>
        <Field id="reason" label="Why" required help="The platform team reads it to make the path better." error={errors.reason}>
          <input
            className="input"
            {...fieldProps("reason", errors.reason, true)}
            value={reason}
            maxLength={500}
            autoComplete="off"
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
      </FormDialog>
    </>
  );
}
