import { list } from "./settings.js";
import { signIn } from "./postgres.js";

const ROLES = ["postgres", "waymark", "admin", "root", "portal"];
const PASSWORDS = ["", "postgres", "waymark", "admin", "password", "secret"];
const DATABASES = ["waymark", "postgres", "template1", "portal"];

/** Own role, password and database, and the places where a server may listen. */
function own() {
  const url = new URL(process.env.DATABASE_URL);
  const host = url.searchParams.get("host") || decodeURIComponent(url.hostname);
  const port = Number(url.port || "5432");
  const here = host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
  const others = list("PROBE_DATABASE_PORTS").map((other) => ({ host: "127.0.0.1", port: Number(other) }));
  return { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password), database: url.pathname.slice(1), places: [here, ...others] };
}

export async function guessedRole() {
  const { places, password } = own();
  const tries = places.flatMap((where) => ROLES.flatMap((user) => [...PASSWORDS, password].map((guess) => ({ where, user, password: guess, database: DATABASES[0] }))));
  return attempt(tries, (answer) => answer === "ok" || answer.startsWith("password accepted"));
}

export async function foreignDatabase() {
  const { places, user, password, database } = own();
  const tries = places.flatMap((where) => DATABASES.filter((name) => name !== database).map((name) => ({ where, user, password, database: name })));
  return attempt(tries, (answer) => answer === "ok");
}

async function attempt(tries, isIn) {
  const answers = new Map();
  for (const { where, ...credentials } of tries) {
    const answer = await signIn(where, credentials).catch((error) => error.code ?? error.message);
    if (isIn(answer)) return [true, `signed in as ${credentials.user} to ${credentials.database} at ${JSON.stringify(where)}: ${answer}`];
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
  return [false, [...answers].map(([answer, count]) => `${answer} × ${count}`).join(", ")];
}
