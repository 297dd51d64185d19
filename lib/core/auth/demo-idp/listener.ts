import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Provider } from "oidc-provider";
import { DEMO_PEOPLE } from "@/db/seed/demo-directory";
import { env } from "../../env";
import { log } from "../../log";

const MOUNT = "/demo-idp";
const store = globalThis as typeof globalThis & { __waymarkDemoIdp?: Promise<number> };

/** Signs the chosen person in: the portal's sign-in page has already asked who. Without a choice it is asked there. */
async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params } = await provider.interactionDetails(request, response);
  const hint = String(params.login_hint ?? "");
  const known = DEMO_PEOPLE.some(({ handle }) => handle === hint);
  if (prompt.name !== "login" || !known) {
    response.writeHead(303, { location: `${env().url}/sign-in` }).end();
    return;
  }
  await provider.interactionFinished(request, response, { login: { accountId: hint } }, { mergeWithLastSubmission: false });
}

async function listen(): Promise<number> {
  const { makeDemoProvider } = await import("./provider");
  const provider = await makeDemoProvider();
  const serve = provider.callback();
  const server = createServer((request, response) => {
    const target = request as IncomingMessage & { originalUrl?: string };
    target.originalUrl = request.url ?? "/";
    if (target.originalUrl.startsWith(`${MOUNT}/interaction/`)) {
      interact(provider, request, response).catch((error: unknown) => {
        log().warn({ err: error }, "a demo sign-in was interrupted");
        response.writeHead(303, { location: `${env().url}/sign-in?error=failed` }).end();
      });
      return;
    }
    request.url = target.originalUrl.slice(MOUNT.length) || "/";
    void serve(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return (server.address() as AddressInfo).port;
}

/** Port of the provider's own loopback listener; started at first use, since it costs memory. */
export function demoIdpPort(): Promise<number> {
  store.__waymarkDemoIdp ??= listen();
  return store.__waymarkDemoIdp;
}
