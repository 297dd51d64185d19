"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";
import type { PartProps } from "@/components/ui/use-part";
import { editCampaign, startCampaign } from "@/lib/scorecards/actions";
import type { Campaign, ScorecardDetail } from "@/lib/scorecards/contract";

export interface CampaignDialogProps {
  card: Pick<ScorecardDetail, "name" | "levels"> & { checks: { id: string; title: string }[] };
  teams: { ref: string; title: string }[];
  /** The one to change; a new one otherwise. */
  campaign?: Campaign;
}

const FIELDS = ["title", "why", "level", "checks", "owners", "until"];

/** What a campaign asks for is one choice: a level or a check. */
export function CampaignDialog({ open, onOpenChange, card, teams, campaign }: CampaignDialogProps & PartProps) {
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [title, setTitle] = useState(campaign?.title ?? "");
  const [why, setWhy] = useState(campaign?.why ?? "");
  const [goal, setGoal] = useState(`level:${card.levels[0]?.name ?? ""}`);
  const [owner, setOwner] = useState("");
  const [until, setUntil] = useState(campaign?.until ?? "");
  const toast = useToast();
  const router = useRouter();
  const submit = async () => {
    const [kind, chosen = ""] = goal.split(/:(.*)/);
    const wanted = kind === "level" ? { level: chosen } : { checks: [chosen] };
    const result = campaign
      ? await editCampaign({ name: card.name, id: campaign.id, title, why, until })
      : await startCampaign({ name: card.name, title, why, until, ...wanted, owners: owner ? [owner] : [] });
    setErrors(result.ok ? {} : Object.fromEntries(result.error.fields.map((field) => [field.path, field.message])));
    if (!result.ok) return result.error.fields.some(({ path }) => FIELDS.includes(path)) ? "stay" : result.error.message;
    toast(campaign ? "The campaign is changed." : "The campaign has begun. Its teams are told.");
    router.refresh();
    return null;
  };
  const goalError = errors.level ?? errors.checks;
  const goals = [
    ...card.levels.map((level) => ({ value: `level:${level.name}`, label: `Reach ${level.title}` })),
    ...card.checks.map((check) => ({ value: `check:${check.id}`, label: `Pass “${check.title}”` })),
  ];
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title={campaign ? "Change campaign" : "Start a campaign"}
      submitLabel={campaign ? "Save campaign" : "Start campaign"}
      onSubmit={submit}
    >
      <Field id="title" label="Title" required error={errors.title}>
        <input
          {...fieldProps("title", errors.title, false)}
          className="input"
          value={title}
          maxLength={80}
          placeholder="Everything documented"
          onChange={(event) => setTitle(event.target.value)}
        />
      </Field>
      {campaign ? null : (
        <>
          <Field id="level" label="What has to be reached" required error={goalError}>
            <ChoiceField {...fieldProps("level", goalError, false)} options={goals} value={goal} onChange={(event) => setGoal(event.target.value)} />
          </Field>
          <Field id="owners" label="By whom" error={errors.owners}>
            <ChoiceField
              {...fieldProps("owners", errors.owners, false)}
              options={[{ value: "", label: "Every team" }, ...teams.map(({ ref, title: label }) => ({ value: ref, label }))]}
              value={owner}
              onChange={(event) => setOwner(event.target.value)}
            />
          </Field>
        </>
      )}
      <Field id="until" label="Last day" required help="A year from now at most. Teams are told now, a week before and at the end." error={errors.until}>
        <input {...fieldProps("until", errors.until, true)} className="input max-w-[168px]" type="date" value={until} onChange={(event) => setUntil(event.target.value)} />
      </Field>
      <Field id="why" label="Why now" required help="It is part of every message." error={errors.why}>
        <textarea {...fieldProps("why", errors.why, true)} className="input" rows={3} value={why} maxLength={1000} onChange={(event) => setWhy(event.target.value)} />
      </Field>
    </FormDialog>
  );
}
