export const LOG_LEVELS = ["debug", "info", "warn", "error"];

/** The settings of this service. Throws an Error whose message is one line naming the variable and what it should be. */
export function readConfig(env) {
  return {
    listen: readPort(env.PORT || "3000"),
{%- if values.database %}
    databaseUrl: readDatabaseUrl(env.DATABASE_URL),
{%- endif %}
    logLevel: readLogLevel(env.LOG_LEVEL || "${{ values.logLevel }}"),
  };
}

/** A TCP port, or the path of a unix socket. */
function readPort(value) {
  if (value.includes("/")) return { path: value };
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return { port };
  throw new Error(`PORT is ${JSON.stringify(value)}; expected a port number or the path of a unix socket.`);
}
{%- if values.database %}

function readDatabaseUrl(value) {
  if (!value) throw new Error("DATABASE_URL is not set; expected an address such as postgres://user:password@localhost:5432/name.");
  if (!/^postgres(ql)?:\/\//.test(value)) throw new Error("DATABASE_URL is not readable; expected an address that begins with postgres://.");
  return value;
}
{%- endif %}

function readLogLevel(value) {
  if (LOG_LEVELS.includes(value)) return value;
  throw new Error(`LOG_LEVEL is ${JSON.stringify(value)}; expected one of ${LOG_LEVELS.join(", ")}.`);
}
