import { chmod, writeFile } from "node:fs/promises";
import path from "node:path";
import { EnvironmentManifest } from "@/lib/environments/manifest";

/** A service without dependencies that does on request what drivers have to cope with. */
const SERVER = `
import { spawn } from "node:child_process";
import { createServer } from "node:http";

const state = { health: 200, ready: 200 };
const routes = {
  "/healthz": () => [state.health, "health"],
  "/readyz": () => [state.ready, "ready"],
  "/env": (query) => [200, process.env[query.get("name")] ?? ""],
  "/set": (query) => [200, String((state[query.get("what")] = Number(query.get("status"))))],
  "/slow": async (query) => {
    await new Promise((resolve) => setTimeout(resolve, Number(query.get("ms"))));
    return [200, "slow " + process.env.RELEASE];
  },
  "/say": (query) => (console.log(query.get("text")), [200, ""]),
  "/allocate": (query) => {
    const kept = [];
    for (let mib = 0; mib < Number(query.get("mib")); mib += 16) kept.push(Buffer.alloc(16 * 1048576, 1));
    return [200, String(kept.length * 16)];
  },
  "/fork": async (query) => {
    const children = [];
    let refused = "";
    for (let n = 0; n < Number(query.get("n")) && !refused; n++) {
      const child = spawn("/bin/sleep", ["60"], { stdio: "ignore" });
      refused = await new Promise((resolve) => child.once("spawn", () => resolve("")).once("error", (error) => resolve(error.code)));
      if (!refused) children.push(child);
    }
    for (const child of children) child.kill("SIGKILL");
    return [200, children.length + " " + refused];
  },
  "/crash": () => (console.error("Error: asked to crash"), setImmediate(() => process.exit(3)), [200, ""]),
  "/daemon": (query) => {
    const stay = "setInterval(() => {}, 1000)";
    const leave = "require('node:child_process').spawn(process.execPath, ['-e', " + JSON.stringify(stay) + ", process.argv[1]], { detached: true, stdio: 'ignore' }).unref()";
    spawn(process.execPath, ["-e", leave, query.get("marker")], { detached: true, stdio: "ignore" }).unref();
    return [200, ""];
  },
};
createServer(async (request, response) => {
  const url = new URL(request.url, "http://sample");
  const [status, body] = (await routes[url.pathname]?.(url.searchParams)) ?? [404, "nothing here"];
  response.writeHead(status).end(body);
}).listen(process.env.PORT, () => console.log(JSON.stringify({ time: new Date().toISOString(), message: "listening" })));
if (process.env.STUBBORN) process.on("SIGTERM", () => console.log("not yet"));
else process.on("SIGTERM", () => (console.log("stopping"), process.exit(0)));
`;

export interface SampleOptions {
  start?: string[];
  database?: "postgres" | "none";
  egress?: boolean;
  /** Further files. */
  files?: Record<string, string>;
}

/** Writes the sample service into a folder and returns its manifest. */
export async function writeSampleApp(
  folder: string,
  { start = ["node", "server.mjs"], database = "postgres", egress = false, files = {} }: SampleOptions = {},
): Promise<EnvironmentManifest> {
  for (const [name, text] of Object.entries({ "server.mjs": SERVER, ...files })) {
    await writeFile(path.join(folder, name), text);
    await chmod(path.join(folder, name), 0o644);
  }
  const spec = { runtime: "node", start, health: "/healthz", ready: "/readyz", database, egress, memoryMiB: 128, variables: [{ name: "GREETING", default: "hello" }] };
  return EnvironmentManifest.parse({ apiVersion: "waymark.dev/v1", kind: "Environment", spec });
}
