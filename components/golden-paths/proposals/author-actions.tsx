"use client";

import { useState } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { FormDialog } from "@/components/ui/form-dialog";
import { useAct } from "@/components/ui/use-act";
import { describeProposal, reopenProposal, updateProposal, withdrawProposal } from "@/lib/golden-paths/actions";
import { isEditable, moved, type PathProposal } from "@/lib/golden-paths/contract";
import { ProposalFields } from "./proposal-fields";

/** What the author can do with a proposal where it is now. */
export function AuthorActions({ proposal, editHref }: { proposal: PathProposal; editHref: string }) {
  const { pending, act } = useAct();
  const [asking, setAsking] = useState(false);
  const { id, status, revision, baseVersion, currentVersion } = proposal;
  const isBehind = currentVersion !== null && currentVersion !== baseVersion;
  const withdraw = async () => {
    const result = await withdrawProposal({ id });
    return result.ok ? null : result.error.message;
  };
  return (
    <>
      {isEditable(status) ? <DescribeProposal proposal={proposal} /> : null}
      {moved(status, "withdraw") ? <Button onClick={() => setAsking(true)}>Withdraw</Button> : null}
      {moved(status, "reopen") ? (
        <Button pending={pending} onClick={() => act(() => reopenProposal({ id }), "It is yours to edit again.")}>
          {status === "submitted" ? "Take back" : "Open again"}
        </Button>
      ) : null}
      {isEditable(status) && isBehind ? (
        <Button pending={pending} onClick={() => act(() => updateProposal({ id, revision }), `It is based on ${currentVersion} now. Look into the editor for conflicts.`)}>
          Bring up to {currentVersion}
        </Button>
      ) : null}
      {isEditable(status) ? (
        <LinkButton href={editHref} variant="primary">
          Open editor
        </LinkButton>
      ) : null}
      <ConfirmDialog open={asking} onOpenChange={setAsking} title={`Withdraw “${proposal.title}”?`} confirmLabel="Withdraw proposal" onConfirm={withdraw}>
        <p>The platform team no longer sees it as waiting. Its text stays, and it can be opened again.</p>
      </ConfirmDialog>
    </>
  );
}

/** Title and reason, which reviewers read first. */
function DescribeProposal({ proposal }: { proposal: PathProposal }) {
  const [open, setOpen] = useState(false);
  const [title, setTitle] = useState(proposal.title);
  const [reason, setReason] = useState(proposal.reason);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const submit = async () => {
    const result = await describeProposal({ id: proposal.id, title, reason });
    if (result.ok) return null;
    setErrors(Object.fromEntries(result.error.fields.map(({ path, message }) => [path, message])));
    return result.error.fields.length > 0 ? "stay" : result.error.message;
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>Edit reason</Button>
      {open ? (
        <FormDialog open onOpenChange={setOpen} title="Title and reason" submitLabel="Save reason" onSubmit={submit}>
          <ProposalFields {...{ title, reason, errors }} onTitle={setTitle} onReason={setReason} />
        </FormDialog>
      ) : null}
    </>
  );
}
