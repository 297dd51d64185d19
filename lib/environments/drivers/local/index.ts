import { z } from "zod";
import type { EnvironmentManifest } from "../../manifest";
import type { EnvironmentDriver } from "../driver";
import { databaseControl } from "./database-control";
import { DEPLOY_STEPS, deploy } from "./deploy";
import { DESTROY_STEPS, destroy, removeEmptyGroupParents, removeOrphan } from "./destroy";
import { takeInventory } from "./inventory";
import { ensureLayers } from "./layers";
import { type Local, openLocal } from "./local";
import { PROVISION_STEPS, provision, RESTART_STEPS, restart } from "./provision";
import { livingRun } from "./run-record";
import { type LocalSettings, localSettings } from "./settings";
import { observe } from "./status";
import { removeUnused, storageOf } from "./storage";
import { readVersions } from "./version-log";
import { removeOthers, servingVersion } from "./versions";

export interface LocalDriver extends EnvironmentDriver {
  /** Installs and builds what a rendered folder needs ahead of its first environment, when the machine has nothing better to do. */
  warm(folder: string, manifest: EnvironmentManifest): Promise<void>;
  /** Closes connections; for tests. */
  close(): Promise<void>;
}

/** Runs environments as processes of this machine, each with its own folder, database and, where the machine allows it, sandbox. */
export function createLocalDriver(settings: () => LocalSettings = localSettings): LocalDriver {
  let opened: Promise<Local> | null = null;
  const local = () => {
    opened ??= openLocal(settings()).catch((error) => {
      opened = null;
      throw error;
    });
    return opened;
  };
  return {
    name: "local",
    title: "This machine",
    config: z.strictObject({}),
    provisionSteps: PROVISION_STEPS,
    restartSteps: RESTART_STEPS,
    deploySteps: DEPLOY_STEPS,
    destroySteps: DESTROY_STEPS,
    isolation: async () => (await local()).isolation(false),
    unavailable: async () => (process.platform === "win32" ? "The local driver needs Linux or macOS." : null),
    provision: async (run, spec) => provision(await local(), run, spec),
    restart: async (run, spec) => restart(await local(), run, spec),
    databases: databaseControl(local),
    deploy: async (run, spec) => deploy(await local(), run, spec),
    removeOtherVersions: async ({ environmentId, handle }, underWay) => removeOthers(await local(), environmentId, servingVersion(handle), underWay),
    status: async ({ environmentId, handle }) => observe(await local(), environmentId, servingVersion(handle)),
    telemetry: async ({ environmentId, handle }) => (await livingRun((await local()).place(environmentId, servingVersion(handle)).run))?.telemetry ?? null,
    logs: async ({ environmentId, handle }, options) => readVersions(await local(), environmentId, servingVersion(handle), options),
    destroy: async (run, environment) => destroy(await local(), run, environment),
    storage: async () => storageOf(await local()),
    removeUnused: async (since, now) => removeUnused(await local(), since, now),
    inventory: async () => takeInventory(await local()),
    removeOrphan: async (environmentId) => removeOrphan(await local(), environmentId),
    async warm(folder, manifest) {
      await ensureLayers(await local(), folder, manifest, { log: () => {}, signal: new AbortController().signal, isUrgent: false });
    },
    async close() {
      const open = await opened?.catch(() => null);
      if (!open) return;
      await open.databases.close();
      await removeEmptyGroupParents(open);
    },
  };
}

export const localDriver = createLocalDriver();
