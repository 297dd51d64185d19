import { connectPortal, reachOut, takePort } from "./network.js";
import { allocate, fillDisk, forkBomb, outlive } from "./resources.js";
import { listProcesses, openMemory, readEnviron } from "./processes.js";
import { readFiles, writeFiles } from "./files.js";
import { foreignDatabase, guessedRole } from "./database.js";

/** Each returns [succeeded, detail]; succeeded means it got through the wall. Those that may end the process come last. */
export const attempts = {
  "list-processes": listProcesses,
  "read-environ": readEnviron,
  "open-memory": openMemory,
  "read-files": readFiles,
  "write-files": writeFiles,
  "guessed-role": guessedRole,
  "foreign-database": foreignDatabase,
  "connect-portal": connectPortal,
  "reach-out": reachOut,
  "take-port": takePort,
  outlive,
  "fill-disk": fillDisk,
  "fork-bomb": forkBomb,
  "allocate-memory": allocate,
};
