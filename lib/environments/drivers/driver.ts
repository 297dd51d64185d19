import type { z } from "zod";
import type { HealthRecord, IsolationRecord, ReceiptItem } from "@/db/schema/environments";
import type { RunContext, StepPlan } from "@/lib/runs/engine/types";
import type { EnvironmentManifest } from "../manifest";

/** A database that was added to an environment, beside the one that its golden path asks for. */
export interface ExtraDatabase {
  name: string;
  /** Variable in which the process finds its address. */
  variable: string;
  password: string;
}

/** What a driver is asked to run; secrets are in `variables` and nowhere else. */
export interface EnvironmentSpec {
  environmentId: string;
  /** Unique among living environments; becomes the host name. */
  name: string;
  memoryMiB: number;
  /** The version to work on: 0, the one made with the environment, unless there were deployments. */
  version?: number;
  /** Everything the process gets in its environment, apart from what the driver adds itself. */
  variables: Record<string, string>;
  extraDatabases?: ExtraDatabase[];
  /** How its process reports to Waymark's receiver; null = not at all. */
  telemetry?: { token: string; service: string; attributes: Record<string, string> } | null;
  /** Writes the sources into an empty folder and returns the manifest found there; called inside a step. */
  materialize(targetDir: string, run: RunContext, signal: AbortSignal): Promise<EnvironmentManifest>;
  /** True if the golden path surely asks for a database; a driver may then begin to make it while the sources are still rendered. */
  expectsDatabase?(): Promise<boolean>;
  /** Stores a credential the driver made (encrypted, shown on the credentials page); the same name replaces. */
  saveSecret(name: string, value: string): Promise<void>;
  loadSecret(name: string): Promise<string | null>;
  /** Stores what `status`, `destroy` and a repeat need to find the world again; call it before each external effect. */
  saveHandle(handle: Record<string, unknown>): Promise<void>;
}

/** What a driver is asked to put in the place of the version that serves. */
export interface DeploySpec extends EnvironmentSpec {
  /** Greater than that of every earlier deployment of the environment. */
  version: number;
  /** The one saved last: of the version that serves. */
  handle: Record<string, unknown> | null;
  /** Makes the new version the one that serves, for all replicas at once. Repeatable. */
  switchTo(handle: Record<string, unknown>, made: Provisioned): Promise<void>;
  /** Whether this version serves, as the table has it. */
  hasSwitched(): Promise<boolean>;
}

export interface Provisioned {
  url: string;
  isolation: IsolationRecord;
  commit?: string;
}

export interface EnvironmentHandle {
  environmentId: string;
  name: string;
  handle: Record<string, unknown> | null;
  /** Names of the databases that were added to it, as far as the table knows. */
  extraDatabases?: string[];
}

export interface ObservedStatus {
  /** `missing`: nothing of it is there. */
  state: "running" | "stopped" | "missing";
  health: HealthRecord;
}

export interface DriverLogLine {
  /** Byte offset after this line in the log, for resuming. */
  offset: number;
  at: string | null;
  text: string;
}

/** Something found in the world that carries our label. */
export interface ObservedResource {
  environmentId: string;
  kind: string;
  name: string;
}

/** Packages or a build that environments share, made once and kept. */
export interface KeptItem {
  kind: "packages" | "build";
  bytes: number;
  lastUsedAt: string;
  /** By the files of an environment, or of a path that is being prepared. */
  isInUse: boolean;
}

export interface Storage {
  kept: KeptItem[];
  freeBytes: number;
  totalBytes: number;
}

/** `variable`: to an endpoint that the team set. `off`: nowhere, and why. */
export interface TelemetryTarget {
  to: "waymark" | "collector" | "variable" | "off";
  endpoint: string | null;
  because?: string | undefined;
}

/** One database of an environment: `name` null = the one of its golden path, else an added one. */
export interface DatabaseOf {
  environmentId: string;
  name: string | null;
}

/** Databases of an environment that is there already. Failures are StepFailure with cause and next action. */
export interface DatabaseControl {
  /** Makes the database and its role, or takes what is there; the password counts from then on. Returns its address for a person or tool. */
  ensure(database: DatabaseOf, password: string, signal: AbortSignal): Promise<{ url: string }>;
  /** Changes the password of the role. Returns the address with it, and when by the server's clock. */
  setPassword(database: DatabaseOf, password: string): Promise<{ url: string; changedAt: string }>;
  /** True if the server lets the role in with this password. */
  accepts(database: DatabaseOf, password: string): Promise<boolean>;
  /** Ends the role's sessions that are older than the moment. Returns how many. */
  endSessions(database: DatabaseOf, before: string): Promise<number>;
}

export interface EnvironmentDriver<Config = Record<string, never>> {
  name: string;
  title: string;
  config: z.ZodType<Config>;
  provisionSteps: StepPlan[];
  restartSteps: StepPlan[];
  deploySteps: StepPlan[];
  destroySteps: StepPlan[];
  /** What separates environments here, now; shown before and after creating. */
  isolation(): Promise<IsolationRecord>;
  /** Null when the driver can work on this machine, else what is missing, in words. */
  unavailable(): Promise<string | null>;
  /** Every step is create-or-get; throws StepFailure with cause and next action. */
  provision(run: RunContext, spec: EnvironmentSpec): Promise<Provisioned>;
  /** Starts the process again with the given variables (also after a reboot); same steps as the tail of provision. */
  restart(run: RunContext, spec: EnvironmentSpec): Promise<Provisioned>;
  /** Starts a new version beside the one that serves and puts it in its place without a gap; on failure the old one keeps serving. */
  deploy(run: RunContext, spec: DeploySpec): Promise<Provisioned>;
  /** Ends every version but the one that serves and those named, as after a crash in a deployment. Returns their numbers. */
  removeOtherVersions(environment: EnvironmentHandle, underWay: number[]): Promise<number[]>;
  status(environment: EnvironmentHandle): Promise<ObservedStatus>;
  databases: DatabaseControl;
  /** Where the running process was told to send its telemetry; null = it does not run, or was started before that was written down. */
  telemetry(environment: EnvironmentHandle): Promise<TelemetryTarget | null>;
  /** Lines after the offset, oldest first; negative `tail` is not used: `tail: 200` gives the last 200 lines. */
  logs(environment: EnvironmentHandle, options: { after?: number; tail?: number; limit?: number }): Promise<DriverLogLine[]>;
  /** Removes everything, in order, verifying the absence of each; throws StepFailure naming what would not go. Safe to repeat. */
  destroy(run: RunContext, environment: EnvironmentHandle): Promise<ReceiptItem[]>;
  /** What it keeps on a disk of its own; null where it has none. */
  storage(): Promise<Storage | null>;
  /** At most once a day removes what it keeps, nobody uses, and nobody has used since that moment. Returns what went. */
  removeUnused(since: Date, now: Date): Promise<KeptItem[]>;
  /** Everything in the world that carries this installation's label. */
  inventory(): Promise<ObservedResource[]>;
  /** Removes orphans of an environment that no table row claims. */
  removeOrphan(environmentId: string): Promise<ReceiptItem[]>;
}
