import { DomainError } from "@/lib/core/errors";
import { addDatabase as addTo, databasePlans, databasesOf, isDatabaseName } from "@/lib/environments/databases";
import { environmentEvidence, environmentOf, type PlatformFunction, readyEnvironment } from "./function";

const HELP = "Use 2 to 27 lower-case letters, digits and _, beginning with a letter.";

export const addDatabase: PlatformFunction = {
  title: "Add a database to an environment",
  target: null,
  inputs: ["environment", "name"],
  async check(_on, target, values) {
    const environment = readyEnvironment(target);
    const refuse = (message: string) => new DomainError("invalid", message, { fields: [{ path: "values.name", message }] });
    const name = String(values.name ?? "");
    if (!isDatabaseName(name)) throw refuse(HELP);
    if ((await databasesOf(environment.id)).includes(name)) throw refuse(`${environment.name} has a database "${name}" already. Choose another name.`);
  },
  plan: (target) => databasePlans.add(readyEnvironment(target).driver),
  exclusiveKey: (target) => readyEnvironment(target).id,
  async execute(run) {
    const { environment, variable } = await addTo(run, environmentOf(run), String(run.input.values.name));
    return {
      summary: `${environment.name} has a database ${run.input.values.name}; its address is in ${variable}`,
      evidence: [environmentEvidence(environment, "variables")],
    };
  },
};
