"use client";

import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/ui/time";
import { useToast } from "@/components/ui/toast";
import { useSubmit } from "@/components/ui/use-submit";
import { compareGithubNow } from "@/lib/metrics/actions";
import type { GithubComparison as Comparison } from "@/lib/metrics/contract";
import { counted } from "./words";

/** What the last comparison found, and another one now. */
export function GithubComparison({ last, now }: { last: Comparison | null; now: string }) {
  const { pending, message, submit } = useSubmit();
  const router = useRouter();
  const toast = useToast();
  const compare = () =>
    void submit(
      () => compareGithubNow({}),
      () => {
        toast("The comparison has begun. What was missing appears among the deliveries.");
        router.refresh();
      },
    );
  return (
    <div className="stack-4">
      <p className="muted">
        GitHub sends each delivery once. What it has is compared with what came; what is missing is kept as a delivery of its own.{" "}
        {last ? (
          <>
            <Time at={last.at} now={now} />: {counted(last.missed, "missing delivery", "missing deliveries")} and {counted(last.commits, "missing commit")} in{" "}
            {counted(last.repositories, "repository", "repositories")}.
          </>
        ) : (
          "It has not been compared yet."
        )}
      </p>
      {last?.problem ? <Notice tone="warning">{last.problem}</Notice> : null}
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div>
        <Button onClick={compare} pending={pending}>
          Compare now
        </Button>
      </div>
    </div>
  );
}
