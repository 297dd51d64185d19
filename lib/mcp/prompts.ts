import type { GetPromptResult, Prompt } from "@modelcontextprotocol/sdk/types.js";
import { DomainError } from "@/lib/core/errors";

interface Recipe extends Prompt {
  say: (given: Record<string, string>) => string;
}

/** What a person typed, as one quoted line. */
const quoted = (text: string | undefined) => JSON.stringify((text ?? "").slice(0, 200));

const RECIPES: Recipe[] = [
  {
    name: "make_a_service",
    title: "Make a service",
    description: "From what it should do to a running service, by a golden path.",
    arguments: [{ name: "purpose", description: "What the service should do.", required: true }],
    say: ({ purpose }) =>
      [
        `Make a new service with Waymark. What it should do: ${quoted(purpose)}.`,
        "1. golden_path_list: choose the path that fits best and say why. Ask me if two fit equally.",
        "2. golden_path_get: answer its questions from what I told you; ask me for what you cannot know. Use me for my team.",
        "3. golden_path_dry_run: show me the repository, the catalog entry and the list of files. Wait for my yes.",
        "4. service_create, then run_wait until the run has ended.",
        "5. Say where the repository is, how to clone it, and what its outcome says. If it failed: the cause, who can fix it, and the next action.",
      ].join("\n"),
  },
  {
    name: "why_did_this_run_fail",
    title: "Why did this run fail?",
    description: "Cause, who can fix it, and what to do next.",
    arguments: [{ name: "run", description: "Id of the run, run_…; the newest failed one of yours when left out." }],
    say: ({ run }) =>
      [
        run ? `Find out why the run ${quoted(run)} failed.` : 'Find out why my newest failed run failed: run_list with status "failed" and scope "mine".',
        "1. run_get: read its outcome (failingStep, cause, whoCanFix, nextAction) and its evidence.",
        "2. run_logs with the failing step; where it is about an environment, environment_logs as well.",
        "3. Tell me the cause in one sentence, quote the lines that show it, say who can fix it, and what to do next. Change nothing without asking me.",
      ].join("\n"),
  },
];

/** The prompts that clients offer. */
export const PROMPTS: Prompt[] = RECIPES.map(({ say: _, ...prompt }) => prompt);

/** A prompt with its arguments filled in. Throws DomainError for an unknown one and for what is missing. */
export function readPrompt(name: string, given: Record<string, string>): GetPromptResult {
  const recipe = RECIPES.find((one) => one.name === name);
  if (!recipe) throw new DomainError("not_found", `There is no prompt ${quoted(name)}. There are: ${RECIPES.map((one) => one.name).join(", ")}.`);
  const missing = recipe.arguments?.find((argument) => argument.required && !given[argument.name]?.trim());
  if (missing) throw new DomainError("invalid", `${missing.name}: ${missing.description}`);
  return { description: recipe.description, messages: [{ role: "user", content: { type: "text", text: recipe.say(given) } }] };
}
