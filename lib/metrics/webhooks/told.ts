import { sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import type { CommitFact, DeploymentFact, IncidentFact, PullRequestFact } from "../facts";
import { refOfName, serviceOfRepository } from "../owner";

/** How a sender names a service: by reference, by an annotation of its entity, by the repository it lives in, or by a name. The first that is given and known holds. */
export interface ServiceHint {
  ref?: string | undefined;
  annotation?: { key: string; value: string } | undefined;
  repository?: string | undefined;
  name?: string | undefined;
}

export interface PushedRef {
  ref: string;
  before: string;
  after: string;
}

/** What an event of any sender says about delivery. */
export interface Told {
  /** Without a tier: it is that which the rules, or the name, give the environment. */
  deployments?: (Omit<DeploymentFact, "service" | "tier"> & { service: ServiceHint; tier?: DeploymentFact["tier"] | undefined })[];
  incidents?: (Omit<IncidentFact, "service"> & { service: ServiceHint })[];
  commits?: CommitFact[];
  pullRequests?: PullRequestFact[];
  push?: PushedRef & { repository: string };
  /** Why nothing is done with it. */
  ignored?: string;
}

/** The service that is meant; one that nobody knows gets the reference its name would have. */
export async function serviceMeant(on: Connection, hint: ServiceHint): Promise<string> {
  if (hint.ref) return hint.ref.toLowerCase();
  if (hint.annotation) {
    const { key, value } = hint.annotation;
    const [found] = await on.execute<{ ref: string }>(
      sql`select ref from entities where kind = 'component' and definition->'metadata'->'annotations'->>${key} = ${value} order by ref limit 1`,
    );
    if (found) return found.ref;
  }
  if (hint.repository) return serviceOfRepository(on, hint.repository);
  return refOfName(hint.name ?? "");
}
