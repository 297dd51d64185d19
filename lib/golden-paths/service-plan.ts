import type { Connection } from "@/db/client";
import { findEntity } from "@/lib/catalog/queries";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import type { StepPlan } from "@/lib/runs/engine/types";
import { type GoldenPathDefinition, stepId } from "./definition";
import { checkActions } from "./engine/check-actions";
import { isPublishing } from "./engine/publishing";
import type { StepRegistry } from "./engine/step-action";
import { loadGoldenPathVersion } from "./load-version";
import type { OwningTeam } from "./owning-team";
import { type Destination, destinationOf } from "./service-destination";
import { loadStepRegistry } from "./step-actions/registry";

export const SERVICE_DEADLINE_MS = 5 * 60_000;
export const RENDER: StepPlan = { name: "render", title: "Write the files" };

export interface ServiceInput extends Record<string, unknown> {
  repositoryId: string;
  goldenPath: string;
  version: string;
  /** Without secrets: those are sealed beside the reserved repository. */
  values: Record<string, unknown>;
  team: string;
  entityRef: string;
}

/** The steps of `service.create`; settings are something that our own git server has not. Steps that reach outside have a place of their own. */
export function serviceSteps(provider: Destination["provider"], definition: GoldenPathDefinition, registry: StepRegistry): StepPlan[] {
  const { steps } = definition.spec;
  const at = (is: (action: string) => boolean) => {
    const index = steps.findIndex(({ action }) => is(action));
    return index < 0 ? steps.length : index;
  };
  const published = at(isPublishing);
  const registered = at((action) => action === "catalog:register");
  const outside = outsideSteps(definition, registry);
  const between = (from: number, to: number) => outside.filter(({ index }) => index > from && index < to).map(({ plan }) => plan);
  return [
    { name: "check", title: "Check name and place" },
    RENDER,
    ...between(-1, published),
    { name: "repository", title: "Create the repository" },
    { name: "commit", title: "Push the first commit" },
    ...(provider !== "waymark" ? [{ name: "settings", title: "Apply settings" }] : []),
    ...between(published, registered),
    { name: "register", title: "Register in the catalog" },
    ...between(registered, steps.length),
  ];
}

/** Name in a run's plan of a template's step that reaches outside. */
export const planName = (id: string) => `do-${id}`;

/** The steps of a template that reach outside and are done one by one, with their position. */
export function outsideSteps({ spec }: GoldenPathDefinition, registry: StepRegistry): { index: number; plan: StepPlan }[] {
  return spec.steps.flatMap((step, index) => {
    if (registry.get(step.action)?.effect !== "outside") return [];
    const id = stepId(step, index);
    return [{ index, plan: { name: planName(id), title: (step.name ?? id).slice(0, 200) } }];
  });
}

/** The steps of a path that makes no service: those that reach outside, or writing its files where none does. */
export function pathSteps(definition: GoldenPathDefinition, registry: StepRegistry): StepPlan[] {
  const outside = outsideSteps(definition, registry).map(({ plan }) => plan);
  return outside.length > 0 ? outside : [RENDER];
}

/** True if the path makes a service with a repository of its own; else it changes something that is there, or packs files to download. */
export function makesService(definition: GoldenPathDefinition, registry: StepRegistry): boolean {
  const { steps } = definition.spec;
  if (steps.some(({ action }) => isPublishing(action))) return true;
  return outsideSteps(definition, registry).length === 0 && !steps.some(({ action }) => action === "publish:zip");
}

/** How long a run of the path may take: five minutes, and what its steps wait for others. */
export function runDeadlineMs({ spec }: GoldenPathDefinition, registry: StepRegistry): number {
  return spec.steps.reduce((sum, { action }) => sum + (registry.get(action)?.waitsMs ?? 0), SERVICE_DEADLINE_MS);
}

export interface ServicePlan {
  registry: StepRegistry;
  goldenPath: Awaited<ReturnType<typeof loadGoldenPathVersion>>;
  team: OwningTeam;
  values: Record<string, unknown>;
  destination: Destination;
  /** What the service is going to be in the catalog, going by its name. */
  entityRef: string;
}

interface Asked {
  goldenPath: string;
  version?: string | undefined;
  values: Record<string, unknown>;
  team?: string | undefined;
  provider?: Destination["provider"] | undefined;
}

/** Everything that is known before anything is made. Throws invalid with a field per problem, and conflict for a taken name. */
export async function planService(on: Connection, asked: Asked, team: OwningTeam, ctx: Ctx): Promise<ServicePlan> {
  const [goldenPath, registry] = await Promise.all([loadGoldenPathVersion(on, asked.goldenPath, asked.version), loadStepRegistry(on)]);
  checkActions(goldenPath.definition, registry, "all");
  const values = await goldenPath.validateValues(asked.values, { owner: team.ref });
  const destination = await destinationOf(on, { definition: goldenPath.definition, values, user: requester(ctx), team: team.name, provider: asked.provider });
  const entityRef = `component:default/${destination.name.toLowerCase()}`;
  await refuseTakenName(on, entityRef);
  return { registry, goldenPath, team, values, destination, entityRef };
}

async function refuseTakenName(on: Connection, entityRef: string): Promise<void> {
  const known = await findEntity(on, entityRef);
  if (!known) return;
  const message = `The catalog has a service of this name already (${entityRef}). Choose another name.`;
  throw new DomainError("conflict", message, { fields: [{ path: "values.name", message }] });
}

/** The person as templates know them. */
export function requester({ actor }: Ctx): { ref: string; name: string } {
  return actor.type === "user" ? { ref: `user:default/${actor.handle}`, name: actor.name } : { ref: "user:default/waymark", name: "Waymark" };
}
