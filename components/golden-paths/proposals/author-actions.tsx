"use client";

import { useState } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { useAct } from "@/components/ui/use-act";
import { reopenProposal, updateProposal, withdrawProposal } from "@/lib/golden-paths/actions";
import { isEditable, moved, type PathProposal } from "@/lib/golden-paths/contract";

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
