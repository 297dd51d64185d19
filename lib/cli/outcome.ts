import type { Run } from "@/lib/runs/contract";
import { EXIT, Exit } from "./exit";
import { factLines } from "./table";

const WHO = { you: "you", "team-owner": "an owner of the team", "platform-team": "the platform team", provider: "the provider" };

/** Address of a run's page. */
export const runPage = (portal: string, id: string) => `${portal}/runs/${encodeURIComponent(id)}`;

/** The outcome record of a run in words. */
export function outcomeLines(portal: string, { outcome, steps }: Run): string[] {
  if (!outcome) return [];
  const { summary, failingStep, cause, whoCanFix, nextAction, evidence } = outcome;
  const links = evidence.map(({ title, url }) => `  ${title}: ${URL.canParse(url, portal) ? new URL(url, portal).href : url}`);
  const step = steps.find(({ name }) => name === failingStep)?.title ?? failingStep;
  return [summary, ...factLines({ "Failing step:": step, "Cause:": cause, "Who can fix it:": whoCanFix && WHO[whoCanFix], "Next:": nextAction }), ...links];
}

/** Throws Exit 1 with the outcome in words unless the run succeeded. */
export function requireSuccess(portal: string, run: Run): void {
  if (run.status === "succeeded") return;
  const lines = run.outcome ? outcomeLines(portal, run) : [`The run ${run.status}.`];
  throw new Exit(EXIT.failed, [...lines, `Run: ${runPage(portal, run.id)}`].join("\n"));
}
