import { createHash } from "node:crypto";
import { chmod, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
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

async function collectorSocket(local: Local, endpoint: URL, signal: AbortSignal): Promise<string> {
  const port = Number(endpoint.port || DEFAULT_PORTS[endpoint.protocol]);
  const mode = endpoint.protocol === "https:" ? "tls-verify" : "plain";
  return ensureRelay(local.home, local.machine, local.settings.appRoot, { host: endpoint.hostname, port, mode, socketName: path.basename(INSIDE.telemetrySocket) }, signal);
}

/** What makes a service send traces, where a collector is configured; null otherwise. A collector that cannot be reached is no reason not to start. */
export async function prepareTelemetry(local: Local, name: string, hasNetwork: boolean, report: Reporter): Promise<Telemetry | null> {
  const { otlpEndpoint } = local.settings;
  if (otlpEndpoint === null) return null;
  const preload = await bundleCopy(local);
  if (preload === null) {
    report.log(`No traces: ${BUNDLE} is not built. npm start builds it.`);
    return null;
  }
  const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint, OTEL_SERVICE_NAME: name };
  if (hasNetwork) return { preload, socketDir: null, variables };
  try {
    const socketDir = await collectorSocket(local, new URL(otlpEndpoint), report.signal);
    return { preload, socketDir, variables: { ...variables, WAYMARK_OTLP_SOCKET: INSIDE.telemetrySocket } };
  } catch (error) {
    report.signal.throwIfAborted();
    report.log(`No traces: ${error instanceof Error ? error.message : error}`);
    return null;
  }
}
