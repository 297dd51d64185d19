import { DomainError } from "@/lib/core/errors";
import { changePassword, databasePlans, databasesOf } from "@/lib/environments/databases";
import { environmentEvidence, environmentOf, type PlatformFunction, readyEnvironment } from "./function";

const MAIN = "main";
const wanted = (values: Record<string, unknown>) => String(values.database ?? MAIN);

export const changeDatabasePassword: PlatformFunction = {
  title: "Change a database's password",
  target: null,
  inputs: ["environment"],
  async check(_on, target, values) {
    const environment = readyEnvironment(target);
    const there = await databasesOf(environment.id);
    if (there.includes(wanted(values))) return;
    const message =
      there.length === 0 ? `${environment.name} has no database.` : `${environment.name} has no database "${wanted(values).slice(0, 60)}". It has: ${there.join(", ")}.`;
    throw new DomainError("invalid", message, { fields: [{ path: there.length === 0 ? "values.environment" : "values.database", message }] });
  },
  plan: (target) => databasePlans.changePassword(readyEnvironment(target).driver),
  exclusiveKey: (target) => readyEnvironment(target).id,
  async execute(run) {
    const name = wanted(run.input.values);
    const { environment, variable, restartMs } = await changePassword(run, environmentOf(run), name === MAIN ? null : name);
    return {
      summary: `${variable} of ${environment.name} has a new password, the old one is refused; the restart took ${(restartMs / 1000).toFixed(1)} s`,
      evidence: [environmentEvidence(environment)],
    };
  },
};
