import { setTimeout as delay } from "node:timers/promises";
import postgres from "postgres";
import { databaseFailure, noServer } from "./database-failures";
import { failure } from "./failures";
import { isCode } from "./home";
import { environmentOfDatabase } from "./place";
import { scramVerifier } from "./scram";

// One role and one database per environment, of the same name: the server's pg_hba.conf can then say "sameuser".
// Both carry the installation's label as their comment, so that two installations can share a server.

const CONNECTIONS_PER_ENVIRONMENT = 20;
const IDLE_SECONDS = 120;
/** "tuple concurrently updated" has no code of its own. */
const CONCURRENT_UPDATE = "XX000";
const MOST_ATTEMPTS = 5;
const DROP_AGAIN_MS = 200;

export interface FoundDatabaseObject {
  kind: "database" | "role";
  name: string;
  environmentId: string;
}

export interface Databases {
  /** Makes role and database, or takes what is there and ours; the password is the role's from then on. */
  ensure(name: string, password: string, signal: AbortSignal): Promise<void>;
  /** Gives our role another password. Returns when, by the server's clock. */
  setPassword(name: string, password: string): Promise<string>;
  accepts(name: string, password: string): Promise<boolean>;
  endSessions(name: string, before: string): Promise<number>;
  /** Ends connections and removes both, with everything added under the same name. Returns what was there. Throws StepFailure `leaked` for what would not go. */
  drop(name: string): Promise<FoundDatabaseObject[]>;
  /** All databases and roles with this installation's label. */
  list(): Promise<FoundDatabaseObject[]>;
  /** Names of databases that any role may connect to, hence also an environment's. */
  openToAll(): Promise<string[]>;
  close(): Promise<void>;
}

// Names are made from ids, so they need no quoting; this is the net below.
function identifier(name: string): string {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name)) throw new Error(`${JSON.stringify(name)} is not a name for a database of ours`);
  return `"${name}"`;
}

class PostgresDatabases implements Databases {
  private readonly sql: postgres.Sql;
  private readonly role: string;
  private readonly label: string;

  constructor(
    private readonly url: string,
    installation: string,
  ) {
    this.label = `waymark:${installation}`;
    this.role = decodeURIComponent(new URL(url).username);
    this.sql = postgres(url, {
      max: 4,
      idle_timeout: IDLE_SECONDS,
      connect_timeout: 10,
      fetch_types: false,
      onnotice: () => {},
      connection: { application_name: "waymark sandboxes", statement_timeout: 60_000 },
    });
  }

  private async asking<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw databaseFailure(error, this.role);
    }
  }

  ensure(name: string, password: string, signal: AbortSignal): Promise<void> {
    return this.asking(async () => {
      const verifier = await scramVerifier(password);
      for (let attempt = 1; ; attempt++) {
        signal.throwIfAborted();
        try {
          return await this.ensureOnce(name, verifier);
        } catch (error) {
          // Another worker does the same at this instant; the one that comes second finds everything done.
          if (!isCode(error, CONCURRENT_UPDATE) || attempt === MOST_ATTEMPTS) throw error;
        }
      }
    });
  }

  private async ensureOnce(name: string, verifier: string): Promise<void> {
    if (!(await this.createRole(name, verifier))) await this.adoptRole(name, verifier);
    await this.createDatabase(name);
    await this.sql.unsafe(`REVOKE ALL ON DATABASE ${identifier(name)} FROM PUBLIC; COMMENT ON DATABASE ${identifier(name)} IS '${this.label}'`);
  }

  private async createRole(name: string, verifier: string): Promise<boolean> {
    try {
      // One statement list is one transaction: there is never a role without its label.
      await this.sql.unsafe(`
        CREATE ROLE ${identifier(name)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT ${CONNECTIONS_PER_ENVIRONMENT} PASSWORD '${verifier}';
        COMMENT ON ROLE ${identifier(name)} IS '${this.label}';
        GRANT ${identifier(name)} TO CURRENT_USER;`);
      return true;
    } catch (error) {
      if (isCode(error, "42710", "23505")) return false;
      throw error;
    }
  }

  private async adoptRole(name: string, verifier: string): Promise<void> {
    const [found] = await this.sql<{ label: string | null }[]>`select shobj_description(oid, 'pg_authid') as label from pg_roles where rolname = ${name}`;
    if (found?.label !== this.label) {
      throw failure("database-refused", {
        cause: `The database server already has a role ${name} that another installation made.`,
        whoCanFix: "platform-team",
        nextAction: "Remove that role, or give this installation a database server of its own, then retry.",
      });
    }
    await this.sql.unsafe(`ALTER ROLE ${identifier(name)} LOGIN PASSWORD '${verifier}'`);
  }

  private async createDatabase(name: string): Promise<void> {
    try {
      // template0 can always be copied; template1 not while somebody is connected to it.
      await this.sql.unsafe(`CREATE DATABASE ${identifier(name)} OWNER ${identifier(name)} TEMPLATE template0`);
    } catch (error) {
      if (!isCode(error, "42P04", "23505")) throw error;
    }
  }

  setPassword(name: string, password: string): Promise<string> {
    return this.asking(async () => {
      await this.adoptRole(name, await scramVerifier(password));
      const [clock] = await this.sql<{ now: string }[]>`select clock_timestamp()::text as now`;
      return clock?.now ?? "";
    });
  }

  /** Another error than a refused password is the server's. */
  async accepts(name: string, password: string): Promise<boolean> {
    const url = new URL(this.url);
    Object.assign(url, { username: name, password: encodeURIComponent(password), pathname: `/${name}` });
    const session = postgres(url.href, { max: 1, connect_timeout: 10, fetch_types: false, onnotice: () => {} });
    try {
      await session`select 1`;
      return true;
    } catch (error) {
      if (isCode(error, "28P01", "28000")) return false;
      throw databaseFailure(error, name);
    } finally {
      await session.end({ timeout: 1 });
    }
  }

  endSessions(name: string, before: string): Promise<number> {
    return this.asking(async () => {
      const ended = await this.sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${name} and backend_start < ${before}::timestamptz`;
      return ended.length;
    });
  }

  drop(name: string): Promise<FoundDatabaseObject[]> {
    return this.asking(async () => {
      const found = await this.select(name);
      let left = found;
      for (let attempt = 0; attempt < MOST_ATTEMPTS && left.length > 0; attempt++) {
        if (attempt > 0) await delay(DROP_AGAIN_MS);
        await this.dropOnce(left);
        left = await this.select(name);
      }
      if (left[0])
        throw failure("leaked", {
          cause: `The ${left[0].kind} ${left[0].name} is still there after it was dropped.`,
          whoCanFix: "platform-team",
          nextAction: "Drop it by hand; Waymark tries again by itself.",
        });
      return found;
    });
  }

  private async dropOnce(found: FoundDatabaseObject[]): Promise<void> {
    const named = (kind: FoundDatabaseObject["kind"]) => found.filter((object) => object.kind === kind).map((object) => identifier(object.name));
    for (const database of named("database")) await this.sql.unsafe(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    for (const role of named("role")) {
      try {
        await this.sql.unsafe(`DROP ROLE IF EXISTS ${role}`);
      } catch (error) {
        // The server may still have been making the database for a worker that was cancelled.
        if (!isCode(error, "2BP01", "55006")) throw error;
      }
    }
  }

  /** Ours by label, or by belonging to a role of ours: a crash can come between a database and its label. */
  private async select(name: string | null): Promise<FoundDatabaseObject[]> {
    const rows = await this.sql<{ kind: "database" | "role"; name: string }[]>`
      select 'database' as kind, d.datname as name from pg_database d join pg_roles owner on owner.oid = d.datdba
        where d.datname like 'wm\\_%' and (${name}::text is null or d.datname = ${name} or starts_with(d.datname, ${name} || '_'))
          and ${this.label} in (shobj_description(d.oid, 'pg_database'), shobj_description(owner.oid, 'pg_authid'))
      union all
      select 'role', rolname from pg_roles
        where rolname like 'wm\\_%' and (${name}::text is null or rolname = ${name} or starts_with(rolname, ${name} || '_')) and shobj_description(oid, 'pg_authid') = ${this.label}`;
    return rows.flatMap((row) => {
      const environmentId = environmentOfDatabase(row.name);
      return environmentId ? [{ ...row, environmentId }] : [];
    });
  }

  list(): Promise<FoundDatabaseObject[]> {
    return this.asking(() => this.select(null));
  }

  openToAll(): Promise<string[]> {
    return this.asking(async () => {
      const rows = await this.sql<{ datname: string }[]>`
        select datname from pg_database where datallowconn and datname not like 'wm\\_%' and has_database_privilege('public', oid, 'CONNECT') order by datname`;
      return rows.map((row) => row.datname);
    });
  }

  close(): Promise<void> {
    return this.sql.end({ timeout: 5 });
  }
}

class NoDatabases implements Databases {
  async ensure(): Promise<void> {
    throw noServer();
  }
  async setPassword(): Promise<string> {
    throw noServer();
  }
  async accepts(): Promise<boolean> {
    throw noServer();
  }
  async endSessions() {
    return 0;
  }
  async drop() {
    return [];
  }
  async list() {
    return [];
  }
  async openToAll() {
    return [];
  }
  async close() {}
}

/** The databases of environments on a server; without an address, one that refuses. */
export function openDatabases(adminUrl: string | null, installation: string): Databases {
  return adminUrl === null ? new NoDatabases() : new PostgresDatabases(adminUrl, installation);
}
