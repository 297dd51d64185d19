import { env } from "@/lib/core/env";
import type { EngineRun } from "@/lib/runs/engine/types";
import type { ActionRunInput } from "../run-input";

/** What a back end is told about a run. */
export interface Call {
  /** Secrets included: they go only into the body. */
  values: Record<string, unknown>;
  requestedBy: { ref: string; name: string } | null;
  team: string | null;
  entity: { ref: string; title: string; kind: string; type: string | null } | null;
  environment: { id: string; name: string; tier: string; url: string | null } | null;
  deadlineAt: string;
}

/** The body of a call. It does not change between sendings, so the same id always carries the same content. */
export function callBody(run: EngineRun<ActionRunInput>, call: Call, token: string): string {
  const { url } = env();
  const { requestedBy, team, entity, environment, values } = call;
  return JSON.stringify({
    type: "action.run",
    action: { name: run.input.action, title: run.input.title, version: run.input.version },
    run: { id: run.runId, attempt: run.attempt, url: `${url}/runs/${run.runId}`, deadlineAt: call.deadlineAt, isTest: run.input.version === null },
    requestedBy,
    team,
    entity,
    environment,
    values,
    callback: { url: `${url}/api/v1/runs/${run.runId}/callback`, token },
  });
}
