"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Notice } from "@/components/ui/notice";
import { PlaceLink } from "@/components/ui/place-link";
import { Table } from "@/components/ui/table";
import { decommissionService } from "@/lib/decommission/actions";
import type { Choice, DecommissionItem, DecommissionPlan } from "@/lib/decommission/contract";
import { KIND_WORDS } from "./kind-words";

const COLUMNS = [
  { key: "name", title: "Part", className: "col-span-full" },
  { key: "kind", title: "Kind" },
  { key: "choice", title: "What to do", className: "min-w-[120px]" },
  { key: "what", title: "What happens", className: "col-span-full" },
];

/** Everything that belongs to a service with a choice for each part, and the typed confirmation that starts the run. */
export function DecommissionForm({ plan }: { plan: DecommissionPlan }) {
  const [choices, setChoices] = useState<Record<string, Choice>>({});
  const [confirming, setConfirming] = useState(false);
  const router = useRouter();
  const chosenOf = (item: DecommissionItem) => item.choices.find(({ value }) => value === choices[item.key]) ?? item.choices[0];
  const confirm = async () => {
    const result = await decommissionService({ service: plan.entityRef, confirm: plan.name, choices, digest: plan.digest });
    if (!result.ok) {
      if (result.error.code === "conflict") router.refresh();
      return result.error.message;
    }
    router.push(`/runs/${result.data.run.id}`);
    return null;
  };
  const rows = plan.items.map((item) => ({
    key: item.key,
    cells: {
      name: <PartName item={item} />,
      kind: KIND_WORDS[item.kind],
      choice:
        item.choices.length > 1 ? (
          <ChoiceField
            aria-label={`What to do with ${item.name}`}
            value={chosenOf(item)?.value}
            options={item.choices.map(({ value, label }) => ({ value, label }))}
            onChange={(event) => setChoices({ ...choices, [item.key]: event.target.value as Choice })}
          />
        ) : (
          chosenOf(item)?.label
        ),
      what: <span className={chosenOf(item)?.value === "delete" ? "t-danger" : undefined}>{chosenOf(item)?.what ?? item.what}</span>,
    },
  }));
  const deleted = plan.items.filter((item) => chosenOf(item)?.value === "delete").map(({ name }) => name);
  return (
    <div className="stack-4">
      {plan.notes.map((note) => (
        <Notice key={note} tone="warning">
          {note} The run looks again before it closes anything.
        </Notice>
      ))}
      <Table caption={`Parts of ${plan.title}`} columns={COLUMNS} rows={rows} twoLines />
      <div>
        <Button variant="danger" onClick={() => setConfirming(true)}>
          Decommission {plan.title}
        </Button>
      </div>
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title={`Decommission ${plan.title}?`}
        typed={plan.name}
        confirmLabel={`Decommission ${plan.title}`}
        onConfirm={confirm}
      >
        {deleted.length > 0 ? `Deleted for good: ${deleted.join(", ")}.` : "Nothing is deleted for good."} A receipt is kept.
      </ConfirmDialog>
    </div>
  );
}

function PartName({ item: { name, href, detail } }: { item: DecommissionItem }) {
  return (
    <span className="block min-w-0 break-words">
      {href === null ? (
        <span className="mono">{name}</span>
      ) : (
        <PlaceLink className="link mono" href={href}>
          {name}
        </PlaceLink>
      )}
      <span className="muted block">{detail}</span>
    </span>
  );
}
