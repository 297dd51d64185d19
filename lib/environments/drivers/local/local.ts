import { accountOf } from "./account";
import { BuildCache } from "./builds";
import { type Databases, openDatabases } from "./database";
import { DependencyCache } from "./dependencies";
import { isolationRecord } from "./gaps";
import { type Home, openHome } from "./home";
import { Kept } from "./kept";
import { detectMachine, type Machine } from "./machine";
import { labelOf, type Place, placeOf } from "./place";
import type { LocalSettings } from "./settings";

/** What all parts of the driver work with; found out once per process and data directory. */
export interface Local {
  settings: LocalSettings;
  home: Home;
  machine: Machine;
  databases: Databases;
  dependencies: DependencyCache;
  builds: BuildCache;
  /** What the two keep, and who uses it. */
  kept: Kept;
  /** `version`: that of version 0 when left out. */
  place(environmentId: string, version?: number): Place;
  isolation(egress: boolean): Promise<ReturnType<typeof isolationRecord>>;
}

/** Opens the data directory and tries what the machine offers. */
export async function openLocal(settings: LocalSettings): Promise<Local> {
  const home = await openHome(settings.dataDir);
  const machine = await detectMachine(home, settings);
  const databases = openDatabases(settings.adminUrl, home.installation);
  const kept = new Kept(home.dependencies);
  let open: string[] | null = null;
  return {
    settings,
    home,
    machine,
    databases,
    kept,
    dependencies: new DependencyCache(home.dependencies, kept),
    builds: new BuildCache(home.dependencies, kept),
    // Each version has an account of its own: one cannot touch the other, and what is left of it is found by its account.
    place: (environmentId, version = 0) => placeOf(home, environmentId, version, machine.accounts && accountOf(labelOf(environmentId, version), machine.accounts)),
    async isolation(egress) {
      // A server that cannot be asked now is asked again next time; knowing less about it must not stop anything.
      open ??= await databases.openToAll().catch(() => null);
      return isolationRecord(machine, { egress, openDatabases: open });
    },
  };
}
