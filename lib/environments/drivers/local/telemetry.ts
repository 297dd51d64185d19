import { createHash } from "node:crypto";
import { chmod, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { EnvironmentManifest } from "../../manifest";
import type { EnvironmentSpec, TelemetryTarget } from "../driver";
import { INSIDE } from "./bubblewrap";
import { isCode } from "./home";
import type { Local } from "./local";
import { ensureRelay } from "./relay";

export interface Telemetry {
  /** The bundle on this machine. */
  preload: string;
  /** Folder of the collector's socket; null where the process reaches the collector by itself. */
  socketDir: string | null;
  /** What the bundle reads. */
  variables: Record<string, string>;
}

interface Application {
  name: string;
  manifest: EnvironmentManifest;
  variables: Record<string, string>;
  telemetry: EnvironmentSpec["telemetry"];
}

interface Reporter {
  signal: AbortSignal;
  log(text: string): void;
}

const BUNDLE = "dist/otel/preload.cjs";
const DEFAULT_PORTS: Record<string, number> = { "http:": 80, "https:": 443 };

/** A copy that every account can read and that stays the same while a process uses it; null when the bundle was not built. */
async function bundleCopy(local: Local): Promise<string | null> {
  const bundle = await readFile(path.join(/*turbopackIgnore: true*/ local.settings.appRoot, BUNDLE)).catch((error) => {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  });
  if (!bundle) return null;
  const copy = path.join(local.home.dependencies, `otel-${createHash("sha256").update(bundle).digest("hex").slice(0, 16)}.cjs`);
  if (await stat(copy).catch(() => null)) return copy;
  const draft = `${copy}.${process.pid}`;
  await writeFile(draft, bundle);
  await chmod(draft, 0o644);
  await rename(draft, copy);
  return copy;
}

async function socketTo(local: Local, endpoint: URL, signal: AbortSignal): Promise<string> {
  const port = Number(endpoint.port || DEFAULT_PORTS[endpoint.protocol]);
  const mode = endpoint.protocol === "https:" ? "tls-verify" : "plain";
  return ensureRelay(local.home, local.machine, local.settings.appRoot, { host: endpoint.hostname, port, mode, socketName: path.basename(INSIDE.telemetrySocket) }, signal);
}

/** The folder of the socket by which processes without a network reach the receiver, with the relay behind it running; null = they need none. */
export async function telemetryFolder(local: Local, signal: AbortSignal): Promise<string | null> {
  const { otlpEndpoint, receiverUrl } = local.settings;
  return local.machine.level === "bubblewrap" ? socketTo(local, new URL(otlpEndpoint ?? receiverUrl), signal) : null;
}

/** Where a process sends, as it will find it in its variables. */
function targetOf(local: Local, app: Application): TelemetryTarget {
  const set = (name: string) => app.variables[name] ?? app.manifest.spec.variables.find((variable) => variable.name === name)?.default;
  if (set("OTEL_SDK_DISABLED") === "true") return { to: "off", endpoint: null, because: "The variable OTEL_SDK_DISABLED is true." };
  const own = set("OTEL_EXPORTER_OTLP_ENDPOINT");
  if (own !== undefined) return { to: "variable", endpoint: own };
  const { otlpEndpoint, receiverUrl } = local.settings;
  return otlpEndpoint === null ? { to: "waymark", endpoint: receiverUrl } : { to: "collector", endpoint: otlpEndpoint };
}

function variablesOf(app: Application, target: TelemetryTarget): Record<string, string> {
  const { service = app.name, attributes = {}, token } = app.telemetry ?? {};
  const pairs = Object.entries(attributes).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  return {
    OTEL_SERVICE_NAME: service,
    ...(pairs.length ? { OTEL_RESOURCE_ATTRIBUTES: pairs.join(",") } : {}),
    ...(target.endpoint === null ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: target.endpoint }),
    // Ours and nobody else's: a collector gets no token of Waymark.
    ...(target.to === "waymark" && token ? { OTEL_EXPORTER_OTLP_HEADERS: `Authorization=${encodeURIComponent(`Bearer ${token}`)}` } : {}),
  };
}

/**
 * What makes a service send traces, figures and its log, with nothing in the service and nothing configured. Where it cannot be had the
 * service starts all the same, and the target says why.
 */
export async function prepareTelemetry(local: Local, app: Application, hasNetwork: boolean, report: Reporter): Promise<{ inject: Telemetry | null; target: TelemetryTarget }> {
  const target = targetOf(local, app);
  if (target.to === "waymark" && !app.telemetry) return { inject: null, target: { to: "off", endpoint: null, because: "It was started without a token." } };
  const without = (because: string) => {
    report.log(`No telemetry: ${because}`);
    return { inject: null, target: { to: "off" as const, endpoint: target.endpoint, because } };
  };
  if (target.to === "off") return { inject: null, target };
  const preload = await bundleCopy(local);
  if (preload === null) return without(`${BUNDLE} is not built. npm start builds it.`);
  const variables = variablesOf(app, target);
  if (hasNetwork || target.to === "variable") return { inject: { preload, socketDir: null, variables }, target };
  try {
    const socketDir = await telemetryFolder(local, report.signal);
    return { inject: { preload, socketDir, variables: { ...variables, WAYMARK_OTLP_SOCKET: INSIDE.telemetrySocket } }, target };
  } catch (error) {
    report.signal.throwIfAborted();
    return without(error instanceof Error ? error.message : String(error));
  }
}
