import { absoluteTime } from "@/lib/core/format";
import type { Environment } from "@/lib/environments/contract";
import { createEnvironment, deleteEnvironment, deployToEnvironment, extendEnvironment, restartEnvironment } from "@/lib/environments/mutations";
import { getEnvironment, listDeployments, listEnvironments, listServiceEnvironments, readLogs } from "@/lib/environments/queries";
import { asPerson } from "../as-person";
import { tool } from "../tool";
import { listed, runStarted } from "../words";

const TTL = "Time to live from now on: a number and m, h or d, for example 48h.";
const ID = "The environment's id, env_…";

const stateOf = ({ id, status, url, expiresAt }: Environment) => `${id} is ${status}${url ? ` at ${url}` : ""}${expiresAt ? `, ends ${expiresAt}` : ""}.`;
const short = (commit: string | null) => commit?.slice(0, 7) ?? "nothing";

/** Running versions of services, and sandboxes. */
export const ENVIRONMENT_TOOLS = [
  tool(listEnvironments, { name: "environment_list", title: "List environments", defaults: { limit: 20 }, text: listed }),
  tool(getEnvironment, { name: "environment_get", title: "Show environment", fields: { id: ID }, text: stateOf }),
  tool(listServiceEnvironments, {
    name: "service_environments",
    title: "Show what runs where",
    fields: { entityRef: "The service, for example component:default/checkout-api." },
    text: ({ stages, sandboxes }) => `${stages.filter(({ environment }) => environment).length} of ${stages.length} stages exist, ${sandboxes.length} sandboxes.`,
  }),
  tool(createEnvironment, {
    name: "environment_create",
    title: "Create environment",
    hint: "Name a golden path for a sandbox, or entityRef for an environment of a service.",
    fields: { ttl: TTL, ref: "Branch, tag or commit of the service's repository.", values: "Answers to the golden path's questions." },
    text: ({ environment, run }) => `${environment.id} is ${environment.status}. ${runStarted(run)}`,
  }),
  tool(extendEnvironment, {
    name: "environment_extend",
    title: "Change time to live",
    fields: { id: ID, ttl: TTL },
    isIdempotent: true,
    text: stateOf,
    loses: async (ctx, { id, ttl }) => {
      const was = await asPerson(ctx, (person) => getEnvironment(person, { id }));
      const endsEarlier = ({ expiresAt }: Environment) => Boolean(was?.expiresAt && expiresAt && Date.parse(expiresAt) < Date.parse(was.expiresAt));
      return {
        effects: (now) => (endsEarlier(now) ? [`${now.name} ends ${ttl} from now instead of on ${absoluteTime(was?.expiresAt ?? "")}, and is removed with its data.`] : []),
      };
    },
  }),
  tool(restartEnvironment, {
    name: "environment_restart",
    title: "Restart environment",
    fields: { id: ID },
    text: ({ run }) => runStarted(run),
  }),
  tool(listDeployments, { name: "environment_deployments", title: "List deployments of an environment", fields: { id: ID }, defaults: { limit: 10 }, text: listed }),
  tool(deployToEnvironment, {
    name: "environment_deploy",
    title: "Deploy to environment",
    summary: "Deploy a branch, tag or commit to an environment of a service, or promote what another of its environments runs.",
    hint: "Name either ref or promoteFrom.",
    fields: { id: ID, ref: "Branch, tag or commit.", promoteFrom: "Id of another environment of the same service, whose commit is taken." },
    without: ["rollback"],
    isDestructive: true,
    text: ({ deployment, run }) => `${deployment.kind} of ${short(deployment.commit)}. ${runStarted(run)}`,
  }),
  tool(deployToEnvironment, {
    name: "environment_roll_back",
    title: "Roll back environment",
    summary: "Let an environment of a service go back to the commit that ran in it before the present one.",
    fields: { id: ID },
    fixed: { rollback: true },
    without: ["ref", "promoteFrom"],
    text: ({ deployment, run }) => `Rollback to ${short(deployment.commit)}. ${runStarted(run)}`,
    loses: async () => ({
      effects: ({ deployment: { environment, tier, commit, previousCommit } }) => [`${environment} (${tier}) goes back from ${short(previousCommit)} to ${short(commit)}.`],
    }),
  }),
  tool(deleteEnvironment, {
    name: "environment_delete",
    title: "Delete environment",
    fields: { id: ID },
    isIdempotent: true,
    text: ({ environment, run }) => `${environment.id} is ${environment.status}. ${runStarted(run)}`,
    loses: async () => ({
      effects: ({ begun, environment: { name, tier, entityRef, team } }) =>
        begun ? [`${name} (${tier}${entityRef ? ` of ${entityRef}` : ""}, ${team}) is removed with its process, its database and its files.`] : [],
    }),
  }),
  tool(readLogs, {
    name: "environment_logs",
    title: "Read log of an environment",
    fields: { id: ID, tail: "The last so many lines.", after: "Only what came after this offset." },
    defaults: { tail: 100, limit: 200 },
    text: ({ items, nextAfter }) => `${items.length} lines; for what comes next ask with after ${nextAfter}.`,
  }),
];
