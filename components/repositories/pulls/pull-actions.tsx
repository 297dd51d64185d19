"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import type { ActionResult } from "@/lib/core/action";
import { editPullRequest, mergePullRequest } from "@/lib/repositories/actions";
import type { PullRequest } from "@/lib/repositories/contract";

interface Props {
  repository: { owner: string; name: string };
  pull: PullRequest;
  canMerge: boolean;
  isMerging: boolean;
  may: { edit: boolean; merge: boolean };
}

/** Merge, ready or draft, close or open again: what the person may do in the state it is in. */
export function PullActions({ repository, pull, canMerge, isMerging, may }: Props) {
  const [pending, setPending] = useState<string | null>(null);
  const router = useRouter();
  const toast = useToast();
  const key = { owner: repository.owner, name: repository.name, number: pull.number };
  const call = async (name: string, action: () => Promise<ActionResult<unknown>>) => {
    if (pending) return;
    setPending(name);
    const result = await action();
    setPending(null);
    if (!result.ok) toast(result.error.message);
    router.refresh();
  };
  const isOpen = pull.status === "open";
  const edit = (name: string, label: string, change: { isDraft?: boolean; status?: "open" | "closed" }) => (
    <Button pending={pending === name} onClick={() => call(name, () => editPullRequest({ ...key, ...change }))}>
      {label}
    </Button>
  );
  return (
    <>
      {may.edit && isOpen ? edit("close", "Close", { status: "closed" }) : null}
      {may.edit && pull.status === "closed" ? edit("reopen", "Open again", { status: "open" }) : null}
      {may.edit && isOpen && pull.isDraft ? edit("ready", "Mark as ready", { isDraft: false }) : null}
      {may.merge && isOpen && canMerge ? (
        <Button variant="primary" pending={isMerging || pending === "merge"} onClick={() => call("merge", () => mergePullRequest({ ...key, head: pull.head }))}>
          Merge
        </Button>
      ) : null}
    </>
  );
}
