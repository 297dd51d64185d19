"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";
import { reviewProposal } from "@/lib/golden-paths/actions";
import { moved, type PathProposal } from "@/lib/golden-paths/contract";

type Decision = "ask-for-changes" | "decline" | "accept";

const WORDS: Record<Decision, { button: string; title: string; comment: string; help: string; done: string }> = {
  "ask-for-changes": {
    button: "Ask for changes",
    title: "Ask for changes",
    comment: "What should change",
    help: "The author can edit it again.",
    done: "The author is asked for changes.",
  },
  decline: {
    button: "Decline",
    title: "Decline this proposal",
    comment: "Why",
    help: "The author reads it, and can open the proposal again.",
    done: "It is declined, and the author knows why.",
  },
  accept: { button: "Accept", title: "Accept this proposal", comment: "Comment", help: "It can stay empty.", done: "It is accepted." },
};

/** The decisions of the platform team. */
export function ReviewActions({ proposal, suggestedVersion }: { proposal: PathProposal; suggestedVersion: string }) {
  const [deciding, setDeciding] = useState<Decision | null>(null);
  const choices = (["decline", "ask-for-changes", "accept"] as const).filter((decision) => moved(proposal.status, decision));
  return (
    <>
      {choices.map((decision) => (
        <Button key={decision} variant={decision === "accept" ? "primary" : "default"} onClick={() => setDeciding(decision)}>
          {WORDS[decision].button}
        </Button>
      ))}
      {deciding ? <DecisionDialog decision={deciding} proposal={proposal} suggestedVersion={suggestedVersion} onClose={() => setDeciding(null)} /> : null}
    </>
  );
}

function DecisionDialog({ decision, proposal, suggestedVersion, onClose }: { decision: Decision; proposal: PathProposal; suggestedVersion: string; onClose: () => void }) {
  const [comment, setComment] = useState("");
  const [into, setInto] = useState<"draft" | "version">("draft");
  const [version, setVersion] = useState(suggestedVersion);
  const [note, setNote] = useState(proposal.title);
  const [hasConflicts, setConflicts] = useState(false);
  const [withMarkers, setMarkers] = useState(false);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const router = useRouter();
  const toast = useToast();
  const publishes = decision === "accept" && into === "version";
  const submit = async () => {
    const result = await reviewProposal({
      id: proposal.id,
      revision: proposal.revision,
      decision,
      comment,
      ...(publishes ? { publish: { version, note } } : {}),
      ...(decision === "accept" && !publishes && withMarkers ? { conflicts: "markers" as const } : {}),
    });
    if (result.ok) {
      toast(WORDS[decision].done);
      if (decision === "accept" && !publishes) router.push(`/admin/golden-paths/${proposal.goldenPath}`);
      router.refresh();
      return null;
    }
    const byField = Object.fromEntries(result.error.fields.map(({ path, message }) => [path.replace("publish.", ""), message]));
    setErrors(byField);
    const known = ["comment", "version", "note"].some((name) => byField[name]);
    setConflicts(result.error.code === "conflict" && !known && result.error.fields.length > 0);
    return known ? "stay" : result.error.message;
  };
  const { title, comment: label, help } = WORDS[decision];
  const submitLabel = publishes ? `Publish ${version}` : decision === "accept" ? "Accept into the draft" : title;
  return (
    <FormDialog open onOpenChange={(open) => (open ? undefined : onClose())} title={title} submitLabel={submitLabel} onSubmit={submit}>
      {decision === "accept" ? (
        <fieldset className="stack border-0 p-0">
          <legend className="label mb-1">Goes into</legend>
          <label className="line">
            <input type="radio" name="into" checked={into === "draft"} onChange={() => setInto("draft")} />
            the draft of {proposal.goldenPath}, to be looked at and published later
          </label>
          <label className="line">
            <input type="radio" name="into" checked={into === "version"} onChange={() => setInto("version")} />a new version, at once
          </label>
        </fieldset>
      ) : null}
      {publishes ? (
        <>
          <Field id="version" label="Version" help="Three numbers, higher than any published one." error={errors.version} required>
            <input
              {...fieldProps("version", errors.version, true)}
              className="input mono"
              value={version}
              onChange={(event) => setVersion(event.target.value)}
              autoComplete="off"
            />
          </Field>
          <Field id="note" label="What changes" help="Shown to the people who use the path." error={errors.note} required>
            <textarea {...fieldProps("note", errors.note, true)} className="input" rows={2} value={note} onChange={(event) => setNote(event.target.value)} />
          </Field>
        </>
      ) : null}
      {hasConflicts && !publishes ? (
        <label className="line">
          <input type="checkbox" checked={withMarkers} onChange={(event) => setMarkers(event.target.checked)} />
          Take it into the draft with markers; it cannot be published before they are settled
        </label>
      ) : null}
      <Field id="comment" label={label} help={help} error={errors.comment} required={decision !== "accept"}>
        <textarea {...fieldProps("comment", errors.comment, true)} className="input" rows={3} value={comment} onChange={(event) => setComment(event.target.value)} />
      </Field>
    </FormDialog>
  );
}
