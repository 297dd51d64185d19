"use client";

import { Rocket } from "lucide-react";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useSubmit } from "@/components/ui/use-submit";
import { testProposal } from "@/lib/environments/actions";

/** Tries a proposal with sample answers, and leads to the run. */
export function StartProposalTest({ id, revision }: { id: string; revision: number }) {
  const { pending, errors, message, submit } = useSubmit();
  const router = useRouter();
  const start = () =>
    submit(
      () => testProposal({ id, revision }),
      ({ run }) => router.push(`/runs/${run.id}`),
    );
  const problem = message ?? Object.values(errors)[0];
  return (
    <div className="stack">
      {problem ? <Notice tone="danger">{problem}</Notice> : null}
      <div>
        <Button pending={pending} onClick={start}>
          <Rocket className="i" aria-hidden />
          Test run
        </Button>
      </div>
    </div>
  );
}
