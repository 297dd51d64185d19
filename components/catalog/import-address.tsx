"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field, fieldProps } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Status } from "@/components/ui/status";
import { useSubmit } from "@/components/ui/use-submit";
import { addLocation } from "@/lib/catalog/actions";
import type { Reading } from "@/lib/catalog/contract";
import type { Run } from "@/lib/runs/contract";
import { ImportReport } from "./import-report";

const POLL_MS = 700;

async function asked<T>(path: string): Promise<T> {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as T;
}

/** The run until it is over, and then what it read. */
function useReading(runId: string | null) {
  const run = useQuery({
    queryKey: ["run", runId],
    queryFn: () => asked<Run>(`/api/v1/runs/${runId}`),
    enabled: runId !== null,
    refetchInterval: ({ state }) => (state.data?.finishedAt ? false : POLL_MS),
  });
  const isOver = Boolean(run.data?.finishedAt);
  const reading = useQuery({
    queryKey: ["reading", runId],
    queryFn: () => asked<Reading>(`/api/v1/catalog/readings/${runId}`),
    enabled: isOver && run.data?.status === "succeeded",
  });
  return { run: run.data, reading: reading.data };
}

/** A file at an address: read by the platform as a run, first only to see what would happen. */
export function ImportAddress({ mayRead, teams }: { mayRead: boolean; teams: string[] }) {
  const [target, setTarget] = useState("");
  const [team, setTeam] = useState(teams[0] ?? "");
  const [runId, setRunId] = useState<string | null>(null);
  const { pending, errors, message, submit } = useSubmit();
  const { run, reading } = useReading(runId);
  const router = useRouter();
  if (!mayRead) {
    return (
      <Notice tone="info">
        The platform reads an address for owners of a team and for platform admins. Download the file and upload it here instead, or ask an owner of your team.
      </Notice>
    );
  }
  const input = { target, ...(team ? { team } : {}) };
  const check = async (event: FormEvent) => {
    event.preventDefault();
    await submit(
      () => addLocation({ ...input, dryRun: true }),
      ({ run: started }) => setRunId(started?.id ?? null),
    );
  };
  const take = () =>
    submit(
      () => addLocation(input),
      ({ run: started }) => router.push(started ? `/runs/${started.id}` : "/catalog/sources"),
    );
  const isReading = runId !== null && !run?.finishedAt;
  return (
    <div className="stack-8">
      <form className="stack-4 form" onSubmit={check} noValidate>
        <Field id="target" label="Address" help="Of a catalog-info.yaml, over https. The page of a file on GitHub works too." error={errors.target} required>
          <input
            {...fieldProps("target", errors.target, true)}
            className="input"
            type="url"
            placeholder="https://github.com/fellside/shop/blob/main/catalog-info.yaml"
            value={target}
            onChange={(event) => {
              setTarget(event.target.value);
              setRunId(null);
            }}
          />
        </Field>
        {teams.length > 1 ? (
          <Field id="team" label="On behalf of" error={errors.team}>
            <ChoiceField
              {...fieldProps("team", errors.team)}
              value={team}
              options={teams.map((value) => ({ value, label: value }))}
              onChange={(event) => setTeam(event.target.value)}
            />
          </Field>
        ) : null}
        {message ? <Notice tone="danger">{message}</Notice> : null}
        <div className="line wrap">
          <Button type="submit" variant={reading ? "default" : "primary"} pending={pending || isReading}>
            Check address
          </Button>
          {reading && reading.accepted.length > 0 ? (
            <Button variant="primary" pending={pending} onClick={take}>
              Import {reading.accepted.length} {reading.accepted.length === 1 ? "entity" : "entities"}
            </Button>
          ) : null}
        </div>
      </form>
      {isReading ? (
        <p aria-live="polite">
          <Status value={run?.status ?? "queued"} />
        </p>
      ) : null}
      {run?.finishedAt && run.status !== "succeeded" ? (
        <Notice
          tone="danger"
          action={
            <LinkButton href={`/runs/${run.id}`} size="sm">
              Open run
            </LinkButton>
          }
        >
          {run.outcome?.cause ?? run.outcome?.summary ?? "The address could not be read."} {run.outcome?.nextAction}
        </Notice>
      ) : null}
      {reading ? <ImportReport result={reading} isCheck /> : null}
    </div>
  );
}
