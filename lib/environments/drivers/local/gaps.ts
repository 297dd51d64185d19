import type { IsolationRecord } from "@/db/schema/environments";
import type { Machine } from "./machine";

export interface Exposure {
  egress: boolean;
  /** Databases of the server that any role may connect to; null when the server could not be asked. */
  openDatabases: string[] | null;
}

const LEVEL_GAPS = {
  bubblewrap: ["It shares the machine's kernel: a flaw there breaks the separation."],
  "own-user": [
    "It shares the machine's kernel: a flaw there breaks the separation.",
    "It sees the list of all processes, and every file that all accounts may read.",
    "It can write to folders that are open to all accounts, such as /tmp, and fill the disk.",
  ],
  process: [
    "It runs under the portal's own account: its code can read and change the portal's files, its secrets, and other environments.",
    "It sees all processes and can end those of the portal and of other environments.",
    "It can fill the disk.",
  ],
} as const;

function networkGap(machine: Machine): string {
  const reach = "it reaches everything that this machine reaches, services on loopback included.";
  return machine.level === "bubblewrap" ? `Its golden path asks for the network, so ${reach}` : `It has no network of its own: ${reach}`;
}

function limitGaps({ level, cgroups, accounts, prlimit }: Machine): string[] {
  const controllers = cgroups.parents.flatMap((parent) => parent.controllers);
  const gaps: string[] = [];
  if (cgroups.version === "none" && prlimit) gaps.push("Its memory is limited per process only: several processes together can take more.");
  if (cgroups.version === "none" && !prlimit) gaps.push("Nothing limits how much memory it takes, apart from Node's own heap limit.");
  if (cgroups.version === "none" && (level === "process" || !prlimit)) gaps.push("Nothing limits how many processes it starts.");
  if (!controllers.includes("cpu")) gaps.push("Nothing limits how much processor time it takes.");
  if (level === "bubblewrap" && !accounts) gaps.push("It can fill the disk through the folder of its socket.");
  if (level !== "bubblewrap" && cgroups.parents.length === 0) gaps.push("A process that clears its environment and detaches itself may outlive its environment.");
  return gaps;
}

/** What separates an environment from the machine and from others, and what it does not protect against. */
export function isolationRecord(machine: Machine, { egress, openDatabases }: Exposure): IsolationRecord {
  const network = machine.level === "bubblewrap" && !egress ? "own" : "shared";
  const gaps: string[] = [...LEVEL_GAPS[machine.level], ...limitGaps(machine), "Its database can grow until the disk of the database server is full."];
  if (network === "shared") gaps.push(networkGap(machine));
  if (openDatabases === null) gaps.push("Whether other databases of its server are open to it is not known: the server could not be asked.");
  else if (openDatabases.length > 0) gaps.push(`The database server lets every role connect to ${openDatabases.join(", ")}; revoke CONNECT from PUBLIC there.`);
  if (machine.weakness) gaps.push(`A stronger level is not used because ${machine.weakness}.`);
  return { level: machine.level, network, limits: machine.cgroups.version, gaps };
}
