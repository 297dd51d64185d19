import { databasePlans, restartWithin } from "@/lib/environments/databases";
import { environmentEvidence, environmentOf, type PlatformFunction, readyEnvironment } from "./function";

export const restart: PlatformFunction = {
  title: "Restart an environment",
  target: null,
  inputs: ["environment"],
  async check(_on, target) {
    readyEnvironment(target);
  },
  plan: (target) => databasePlans.restart(readyEnvironment(target).driver),
  exclusiveKey: (target) => readyEnvironment(target).id,
  async execute(run) {
    const environment = await restartWithin(run, environmentOf(run));
    return { summary: `${environment.name} was restarted`, evidence: [environmentEvidence(environment)] };
  },
};
