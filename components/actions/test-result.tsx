"use client";

import { useQuery } from "@tanstack/react-query";
import { Link } from "@/components/ui/link";
import { queryClient } from "@/components/ui/query-client";
import { Status } from "@/components/ui/status";
import type { Run } from "@/lib/runs/contract";

const LOOK_MS = 1_000;

async function read(id: string): Promise<Run> {
  const answer = await fetch(`/api/v1/runs/${id}`);
  if (!answer.ok) throw new Error("the run cannot be read");
  return answer.json() as Promise<Run>;
}

/** How the test call goes, until it has ended. */
export function TestResult({ runId }: { runId: string }) {
  const { data: run, isError } = useQuery(
    { queryKey: ["run", runId], queryFn: () => read(runId), refetchInterval: (query) => (query.state.data?.finishedAt ? false : LOOK_MS) },
    queryClient,
  );
  if (isError) return <p className="t-danger">The result cannot be read. Open the run instead.</p>;
  return (
    <div className="panel stack" role="status">
      <div className="line spread">
        <Status value={run?.status ?? "queued"} />
        <Link className="link" href={`/runs/${runId}`}>
          Open run
        </Link>
      </div>
      {run?.outcome ? <p>{run.outcome.summary}</p> : <p className="muted">Waiting for the back end…</p>}
      {run?.outcome?.cause ? <p className="muted">{run.outcome.cause}</p> : null}
    </div>
  );
}
