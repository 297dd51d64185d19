import { z } from "zod";
import { Repository } from "../contract";
import { Sha, Text, Time } from "./read";
import type { Told } from "./told";

const ENDS: Record<string, "success" | "failure"> = { Succeeded: "success", Failed: "failure", Error: "failure" };
const nothing = (text: string | undefined) => (text && text !== "<no value>" ? text : undefined);
const Filled = Text.optional().transform(nothing);

/** The body of the template that we ship (docs/integrations/argocd.md). */
const Body = z.object({
  app: Text.min(1).max(200),
  phase: Text,
  revision: Filled,
  repository: Filled,
  /** From annotations of the Application: Argo's own revision is that of the configuration. */
  commit: Filled,
  source_repository: Filled,
  service: Filled,
  environment: Filled,
  started_at: Time,
  finished_at: Filled,
});

/** A synchronisation that ended is a deployment of the service that the Application names, else of its own name. Throws ZodError. */
export function toldByArgocd(payload: unknown): Told {
  const body = Body.parse(payload);
  const status = ENDS[body.phase];
  if (!status || !body.finished_at) return { ignored: `The phase ${body.phase.slice(0, 40)} is no end of a synchronisation.` };
  const { finished_at: finishedAt } = z.object({ finished_at: Time }).parse(body);
  const commit = Sha.safeParse(body.commit ?? body.revision);
  const repository = Repository.safeParse(body.source_repository ?? body.repository);
  if (!commit.success || !repository.success)
    return { ignored: "It names no commit or no repository. Use the template of the documentation, and annotate the Application with waymark.dev/commit." };
  const environment = (body.environment ?? "production").slice(0, 100);
  return {
    deployments: [
      {
        externalId: `argocd-${body.app}-${commit.data.slice(0, 12)}-${finishedAt.getTime()}`.slice(0, 200),
        service: { ref: body.service?.includes(":") ? body.service : undefined, name: body.service ?? body.app },
        environment,
        status,
        commit: commit.data,
        repository: repository.data,
        startedAt: new Date(Math.min(body.started_at.getTime(), finishedAt.getTime())),
        finishedAt,
        source: "argocd",
      },
    ],
  };
}
