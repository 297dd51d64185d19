import { access, constants } from "node:fs/promises";
import postgres from "postgres";
import { db, openDatabase } from "@/db/client";
import { env } from "@/lib/core/env";
import { allDrivers } from "@/lib/environments/jobs";
import { checkGithub } from "@/lib/github/check";
import { githubClient } from "@/lib/platform/queries";

export interface DoctorLine {
  name: string;
  state: "ok" | "degraded" | "missing" | "off";
  /** What is so, and what to do about it. */
  detail: string;
}

/** What is configured, reachable and missing, in words. Never throws: what cannot be checked is a line of its own. */
export async function doctorReport(): Promise<DoctorLine[]> {
  return [...(await databaseLines()), await dataDirLine(), signInLine(), ...(await driverLines()), await githubLine(), collectorLine()];
}

async function databaseLines(): Promise<DoctorLine[]> {
  const { databaseUrl, sandboxDatabaseUrl } = env();
  if (!databaseUrl) return [{ name: "Database", state: "missing", detail: "DATABASE_URL is not set and no embedded PostgreSQL runs for this data directory. Run `npm start`." }];
  const sql = postgres(databaseUrl, { max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    const [row] = await sql<{ version: string; createRole: boolean; createDb: boolean }[]>`
      select current_setting('server_version') as version, (rolcreaterole or rolsuper) as "createRole", (rolcreatedb or rolsuper) as "createDb" from pg_roles where rolname = current_user`;
    const lines: DoctorLine[] = [{ name: "Database", state: "ok", detail: `PostgreSQL ${row?.version} answers.` }];
    lines.push(
      row?.createRole
        ? { name: "Audit protection", state: "ok", detail: "The portal works with a role of its own that may not change the audit log." }
        : { name: "Audit protection", state: "degraded", detail: "The role of DATABASE_URL lacks CREATEROLE, so only a trigger protects the audit log. Grant CREATEROLE to it." },
    );
    const sandboxes = Boolean(sandboxDatabaseUrl) || (row?.createRole && row.createDb);
    lines.push(
      sandboxes
        ? { name: "Sandbox databases", state: "ok", detail: "Databases and roles for environments can be made." }
        : {
            name: "Sandbox databases",
            state: "missing",
            detail: "The role of DATABASE_URL lacks CREATEDB or CREATEROLE, so the local driver cannot make databases. Grant both to it.",
          },
    );
    return lines;
  } catch (error) {
    return [{ name: "Database", state: "missing", detail: `It does not answer: ${error instanceof Error ? error.message : String(error)}` }];
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function dataDirLine(): Promise<DoctorLine> {
  const { dataDir } = env();
  const writable = await access(dataDir, constants.W_OK).then(
    () => true,
    () => false,
  );
  return writable
    ? { name: "Data directory", state: "ok", detail: dataDir }
    : { name: "Data directory", state: "missing", detail: `${dataDir} cannot be written. Create it, or set WAYMARK_DATA_DIR.` };
}

function signInLine(): DoctorLine {
  const { oidc, demo } = env();
  if (oidc) return { name: "Sign-in", state: "ok", detail: `OIDC issuer ${oidc.issuer}.` };
  if (demo) return { name: "Sign-in", state: "degraded", detail: "Demo sign-in: anybody who reaches the portal can be anybody. Set OIDC_ISSUER before real use." };
  return { name: "Sign-in", state: "missing", detail: "Nobody can sign in. Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET." };
}

async function driverLines(): Promise<DoctorLine[]> {
  return Promise.all(
    allDrivers().map(async (driver): Promise<DoctorLine> => {
      const name = `Driver ${driver.name}`;
      const missing = await driver.unavailable();
      if (missing) return { name, state: "missing", detail: missing };
      const { level, network, limits, gaps } = await driver.isolation();
      return { name, state: gaps.length ? "degraded" : "ok", detail: [`Isolation ${level}, network ${network}, limits ${limits}.`, ...gaps].join(" ") };
    }),
  );
}

const WITHOUT_GITHUB = "Not connected: repositories are made on Waymark's own git server. Connect it under Integrations, or set GITHUB_APP_ID or GITHUB_TOKEN.";

async function githubLine(): Promise<DoctorLine> {
  const name = "GitHub";
  const { databaseUrl } = env();
  if (!databaseUrl) return { name, state: "off", detail: WITHOUT_GITHUB };
  try {
    openDatabase(databaseUrl, { max: 1 });
    const client = await githubClient(db());
    if (!client) return { name, state: "off", detail: WITHOUT_GITHUB };
    const { identity, problem, warnings, rate } = await checkGithub(client);
    if (problem) return { name, state: "degraded", detail: `${problem.cause} ${problem.nextAction}` };
    const left = rate ? ` ${rate.remaining} of ${rate.limit} requests are left in this hour.` : "";
    return { name, state: warnings.length ? "degraded" : "ok", detail: [`${identity} for ${client.owner} at ${client.apiUrl}.${left}`, ...warnings].join(" ") };
  } catch (error) {
    return { name, state: "degraded", detail: `It could not be checked: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function collectorLine(): DoctorLine {
  const { otlpEndpoint } = env();
  return otlpEndpoint
    ? { name: "OpenTelemetry", state: "ok", detail: `Telemetry of environments goes to ${otlpEndpoint}.` }
    : { name: "OpenTelemetry", state: "ok", detail: "Environments send traces, figures and their logs to Waymark itself; no collector is set (OTEL_EXPORTER_OTLP_ENDPOINT)." };
}
