import path from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "./paths.mjs";
import { fail } from "./say.mjs";
import { checkVariables } from "./variables.mjs";

function parse(argv) {
  try {
    return parseArgs({ args: argv, options: { data: { type: "string" }, port: { type: "string" }, "no-demo": { type: "boolean" } } }).values;
  } catch (error) {
    return fail(`${error.message}\nKnown options: --data DIR, --port N, --no-demo.`, 2);
  }
}

/** The data directory that arguments and environment name; without either the one in the checkout. */
export function dataDirOf(argv = process.argv.slice(2), env = process.env) {
  return path.resolve(parse(argv).data || env.WAYMARK_DATA_DIR || path.join(ROOT, ".waymark"));
}

/** Arguments and environment of the launcher, checked; a wrong one ends it with one line naming the variable. */
export function launcherSettings(argv = process.argv.slice(2), source = process.env) {
  const values = parse(argv);
  const env = { ...source, ...(values.port === undefined ? {} : { PORT: values.port }) };
  const wrong = checkVariables(env);
  if (wrong) fail(wrong, 2);
  const port = Number(env.PORT || 3000);
  const proxyPort = Number(env.WAYMARK_PROXY_PORT || port + 1);
  if (port === proxyPort || proxyPort > 65535) fail(`WAYMARK_PROXY_PORT is "${proxyPort}"; expected a port below 65536 other than PORT, which is ${port}.`, 2);
  const wantsDemo = values["no-demo"] ? false : env.WAYMARK_DEMO !== "0";
  return {
    dataDir: dataDirOf(argv, source),
    port,
    proxyPort,
    url: (env.WAYMARK_URL || `http://localhost:${port}`).replace(/\/+$/, ""),
    bind: env.HOSTNAME === "0.0.0.0" ? "0.0.0.0" : "127.0.0.1",
    sandboxDomain: env.WAYMARK_SANDBOX_DOMAIN || "localhost",
    demo: wantsDemo && !env.OIDC_ISSUER,
    /** What the person asked for and does not get, in words. */
    notice: env.OIDC_ISSUER && env.WAYMARK_DEMO === "1" ? "OIDC_ISSUER is set, so the demo sign-in stays off although WAYMARK_DEMO is 1" : null,
    databaseUrl: env.DATABASE_URL || null,
  };
}
