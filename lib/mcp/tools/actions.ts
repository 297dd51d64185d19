import { runAction } from "@/lib/actions/mutations";
import { getActionForm, listActions } from "@/lib/actions/queries";
import { decommissionService } from "@/lib/decommission/mutations";
import { planDecommission } from "@/lib/decommission/queries";
import { asPerson } from "../as-person";
import { tool } from "../tool";
import { listed, runStarted } from "../words";

const CHOICE_WORDS = { delete: "Delete", archive: "Archive", remove: "Remove", keep: "Keep" };

/** Self-service actions, and the end of a service. */
export const ACTION_TOOLS = [
  tool(listActions, {
    name: "action_list",
    title: "List actions",
    fields: { entityRef: "Only what can be run on this entity.", environment: "Only what can be run on this environment." },
    without: ["scope"],
    text: listed,
  }),
  tool(getActionForm, {
    name: "action_get",
    title: "Show action",
    hint: "inputs is its form as JSON Schema; agentsAsk says that a person has to confirm it.",
    text: ({ name, agentsAsk }) => `${name}${agentsAsk ? ": a person has to confirm a run of it" : ""}.`,
  }),
  tool(runAction, {
    name: "action_run",
    title: "Run action",
    fields: { name: "As action_list names it.", entityRef: "What it is run on.", values: "Answers to inputs of action_get." },
    isOutside: true,
    text: ({ run }) => runStarted(run),
    loses: async (ctx, { name, entityRef }) => {
      const form = await asPerson(ctx, (person) => getActionForm(person, { name, ...(entityRef ? { entityRef } : {}) }));
      const where = form?.backEnd === "function" ? "" : " It is done outside of Waymark, which cannot tell what is lost there.";
      return {
        effects: ({ run }) => (form?.agentsAsk === false ? [] : [`The action “${run.title}” is run${run.entityRef ? ` on ${run.entityRef}` : ""}.${where}`]),
        secrets: form?.secretQuestions ?? [],
      };
    },
  }),
  tool(planDecommission, {
    name: "service_decommission_plan",
    title: "Show what decommissioning would do",
    fields: { service: "Short name or ref." },
    text: ({ items }) => `${items.length} things belong to it. Nothing is changed.`,
  }),
  tool(decommissionService, {
    name: "service_decommission",
    title: "Decommission service",
    hint: "Look at service_decommission_plan first.",
    fields: {
      service: "Short name or ref.",
      confirm: "The name of the service.",
      choices: "What becomes of each item of the plan, by its key; the first choice of each when left out.",
    },
    text: ({ run }) => runStarted(run),
    loses: async () => ({ effects: ({ run, choices }) => [`${run.entityRef} ends.`, ...choices.map(({ kind, name, choice }) => `${CHOICE_WORDS[choice]} ${kind} ${name}.`)] }),
  }),
];
