import type { FunctionName } from "../contract";
import { addDatabase } from "./add-database";
import { changeDatabasePassword } from "./change-database-password";
import { decommission } from "./decommission";
import type { PlatformFunction } from "./function";
import { restart } from "./restart";

const FUNCTIONS: Record<FunctionName, PlatformFunction> = {
  restart,
  "add-database": addDatabase,
  "change-database-password": changeDatabasePassword,
  decommission,
};

export const functionNamed = (name: FunctionName): PlatformFunction => FUNCTIONS[name];
