import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema";
import { findEntity } from "@/lib/catalog/queries";
import { env } from "@/lib/core/env";
import { isDomainError } from "@/lib/core/errors";
import { type EngineRun, StepFailure } from "@/lib/runs/engine/types";
import type { Outside } from "./engine/step-action";
import { ZIP_DATA } from "./engine/steps/publish-zip";
import { planName } from "./service-plan";

// What the runs that go through a template's steps have in common.

/** The person as templates see them: `user.ref`, `user.entity` from the catalog where it knows them. */
export async function personOf(userId: string | null): Promise<{ id?: string; ref: string; name: string; email: string; entity?: object }> {
  const [user] = userId ? await db().select().from(users).where(eq(users.id, userId)) : [];
  const handle = user?.handle ?? "waymark";
  const ref = `user:default/${handle}`;
  const known = user ? await findEntity(db(), ref) : null;
  const email = user?.email ?? `${handle}@users.noreply.${new URL(env().url).hostname}`;
  return { ...(user ? { id: user.id } : {}), ref, name: user?.name ?? "Waymark", email, ...(known ? { entity: known.definition } : {}) };
}

/** Steps that reach outside, each as a step of the run with a checkpoint. `since`: when the run was asked for, the same at every repeat. */
export function onceIn<Input>(run: EngineRun<Input>, since: Date): Outside["once"] {
  return (step, work) => run.step(planName(step), ({ attempt }) => work({ attempt, since, mark: `${env().url}/runs/${run.runId}`, hide: run.mask, waitOutside: run.waitOutside }));
}

/** A failure of the golden path itself, for the people who can mend it. */
export async function foreseen<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const nextAction = "Tell the owner of the golden path. Retry once it is mended: what was done already is not done again.";
    throw new StepFailure({ causeCode: "bad-template", cause: error.message, whoCanFix: "platform-team", nextAction }, { cause: error });
  }
}

/** Links that the template itself offers at the end; one with an archive in it leads to the run's download. */
export function linksOf(output: Record<string, unknown>, runId: string): { title: string; url: string }[] {
  const links = Array.isArray(output.links) ? output.links : [];
  return links
    .flatMap((link): { title: string; url: string }[] => {
      const { title, url, entityRef } = (link ?? {}) as Record<string, unknown>;
      const address =
        typeof url === "string" ? (url.startsWith(ZIP_DATA) ? `${env().url}/api/v1/runs/${runId}/archive` : url) : typeof entityRef === "string" ? entityPage(entityRef) : null;
      return typeof title === "string" && address !== null && /^(https?:\/\/|\/[^/])/.test(address) ? [{ title, url: address }] : [];
    })
    .slice(0, 10);
}

function entityPage(ref: string): string | null {
  const [, kind = "component", namespace = "default", name] = /^(?:([^:/]+):)?(?:([^:/]+)\/)?([^:/]+)$/.exec(ref.toLowerCase()) ?? [];
  return name ? `/catalog/${namespace}/${kind}/${name}` : null;
}
