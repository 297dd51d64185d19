import { diskFull, failure, isStepFailure } from "./failures";
import { isCode } from "./home";

const UNREACHABLE = [
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "57P01",
  "57P03",
];
const LOGIN = ["28P01", "28000", "3D000"];

export const missingRights = (role: string, cause?: unknown) =>
  failure(
    "database-refused",
    {
      cause: `The database role "${role}" may not create the environment's role and database.`,
      whoCanFix: "platform-team",
      nextAction: `As a superuser, run: ALTER ROLE "${role}" CREATEDB CREATEROLE; then retry. Another role for this can be named in WAYMARK_SANDBOX_DATABASE_URL.`,
    },
    cause,
  );

export const noServer = () =>
  failure("database-refused", {
    cause: "The golden path asks for a database, and no database server is configured for environments.",
    whoCanFix: "platform-team",
    nextAction: "Set WAYMARK_SANDBOX_DATABASE_URL to a role that may create roles and databases, start again, then retry.",
  });

/** What a refusal of the database server means for the person who waits. */
export function databaseFailure(error: unknown, role: string): unknown {
  if (isStepFailure(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (isCode(error, "53100", "ENOSPC")) return diskFull(error);
  if (isCode(error, "42501")) return missingRights(role, error);
  const refused = (cause: string, nextAction: string) => failure("database-refused", { cause, whoCanFix: "platform-team", nextAction }, error);
  if (isCode(error, ...UNREACHABLE))
    return refused("The database server for environments cannot be reached.", "Check that it runs (`waymark doctor` names its address), then retry.");
  if (isCode(error, ...LOGIN)) return refused(`The database server refuses the role "${role}": ${message}.`, "Correct WAYMARK_SANDBOX_DATABASE_URL and start again, then retry.");
  if (isCode(error, "53300")) return refused("The database server has no free connection.", "Delete environments that nobody needs or raise max_connections, then retry.");
  return error;
}
