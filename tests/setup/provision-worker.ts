import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { EnvironmentHandle, EnvironmentSpec } from "@/lib/environments/drivers/driver";
import { createLocalDriver } from "@/lib/environments/drivers/local";
import { memoryRun } from "./run-context";
import { writeSampleApp } from "./sample-app";

// A worker process of its own that creates or destroys one environment with the local driver, to be killed by tests. What the engine
// would keep in its tables is kept in a file. Usage: provision-worker.ts create|destroy <environment id> <state file> <settings as JSON>
const [, , action = "", environmentId = "", stateFile = "", settings = "{}"] = process.argv;

interface State {
  checkpoints: Record<string, unknown>;
  attempts: Record<string, number>;
  secrets: Record<string, string>;
  handle: Record<string, unknown> | null;
}

const state: State = existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, "utf8")) : { checkpoints: {}, attempts: {}, secrets: {}, handle: null };

function save() {
  writeFileSync(`${stateFile}.draft`, JSON.stringify(state));
  renameSync(`${stateFile}.draft`, stateFile);
}

const driver = createLocalDriver(() => JSON.parse(settings));
await driver.isolation();
const run = memoryRun(environmentId);
for (const [name, value] of Object.entries(state.checkpoints)) if (name.startsWith(action)) run.checkpoints.set(name.slice(action.length), value);
for (const [name, value] of Object.entries(state.attempts)) if (name.startsWith(action)) run.attempts.set(name.slice(action.length), value);

const context: typeof run.context = {
  ...run.context,
  step: async (name, body) => {
    state.attempts[action + name] = (state.attempts[action + name] ?? 0) + 1;
    save();
    const result = await run.context.step(name, body);
    state.checkpoints[action + name] = result ?? null;
    save();
    return result;
  },
};
const environment: EnvironmentHandle = { environmentId, name: "crash-test", handle: state.handle };
const spec: EnvironmentSpec = {
  environmentId,
  name: "crash-test",
  memoryMiB: 128,
  variables: {},
  materialize: (folder) => writeSampleApp(folder),
  saveSecret: async (name, value) => {
    state.secrets[name] = value;
    save();
  },
  loadSecret: async (name) => state.secrets[name] ?? null,
  saveHandle: async (handle) => {
    state.handle = handle;
    save();
  },
};
process.stdout.write("begin\n");
if (action === "create") await driver.provision(context, spec);
else await driver.destroy(context, environment);
process.stdout.write("done\n");
process.exit(0);
