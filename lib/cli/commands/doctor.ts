import { openClient } from "../client";
import type { Command } from "../command";
import { portalUrl, tokenFor } from "../credentials";
import { EXIT, Exit } from "../exit";
import { isCheckout, onHost } from "../host";
import { requirePortal } from "../session";
import { columns } from "../table";
import { print, printJson, self } from "../terminal";

interface Line {
  name: string;
  state: "ok" | "degraded" | "missing" | "off";
  detail: string;
}

/** What a step says, or the words of its failure. Throws what is no Exit. */
async function tried<T>(name: string, step: () => Promise<T>, say: (result: T) => Line): Promise<Line> {
  try {
    return say(await step());
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    return { name, state: "missing", detail: error.message };
  }
}

async function clientLines(option: string | undefined): Promise<Line[]> {
  const url = portalUrl(option);
  const portal = await tried(
    "Portal",
    () => requirePortal(url),
    () => ({ name: "Portal", state: "ok", detail: `${url} answers.` }),
  );
  if (portal.state !== "ok") return [portal];
  const token = tokenFor(url);
  if (!token) return [portal, { name: "This account", state: "off", detail: `Not signed in. Run \`${self()} login\`, or set WAYMARK_TOKEN.` }];
  const account = await tried(
    "This account",
    () => openClient(url, token).call<{ name: string; role: string }>("GET", "/api/v1/me"),
    ({ name, role }) => ({ name: "This account", state: "ok", detail: `Signed in as ${name}, ${role}.` }),
  );
  return [portal, account];
}

export const doctor: Command = {
  name: "doctor",
  summary: "What is configured, reachable and missing, here and on the server's own machine",
  options: [],
  async run({ options }) {
    const items = [...(await clientLines(options.url)), ...(isCheckout() ? await onHost<Line[]>(["doctor"]) : [])];
    if (options.json) printJson({ items });
    else for (const line of columns(items.map(({ state, name, detail }) => [state, name, detail]))) print(line);
    const missing = items.filter((line) => line.state === "missing").map((line) => line.name);
    if (missing.length) throw new Exit(EXIT.failed, `Missing: ${missing.join(", ")}.`);
  },
};
