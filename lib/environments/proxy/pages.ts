export interface ProxyPage {
  status: 404 | 410 | 502 | 503;
  title: string;
  detail: string;
  link: { title: string; url: string };
  retryAfterSeconds?: number;
}

export interface ResolvedName {
  environmentId: string;
  status: "queued" | "provisioning" | "ready" | "failed" | "deleting" | "deleted" | "leaked";
  handle: Record<string, unknown> | null;
}

const RETRY_SECONDS = 2;

const environmentLink = (portalUrl: string, id: string) => ({ title: "Open its page in Waymark", url: `${portalUrl}/environments/${id}` });
const listLink = (portalUrl: string) => ({ title: "Open Waymark", url: `${portalUrl}/environments` });

export function unknownHost(portalUrl: string, domain: string): ProxyPage {
  return { status: 404, title: "No sandbox here", detail: `This port answers at the names of sandboxes, such as my-sandbox.${domain}.`, link: listLink(portalUrl) };
}

export function unknownName(portalUrl: string, name: string): ProxyPage {
  return { status: 404, title: "No such sandbox", detail: `There is no sandbox named ${name}. Check the name, or create it.`, link: listLink(portalUrl) };
}

export function unknownState(portalUrl: string): ProxyPage {
  return { status: 503, title: "Try again in a moment", detail: "Waymark cannot look up this sandbox right now.", link: listLink(portalUrl), retryAfterSeconds: RETRY_SECONDS };
}

export function notAnswering(portalUrl: string, name: string, id: string): ProxyPage {
  const detail = `The process of ${name} does not answer. Its page shows why: health, last log lines, and a button to restart it.`;
  return { status: 502, title: "The sandbox does not answer", detail, link: environmentLink(portalUrl, id) };
}

/** What to say instead of forwarding; null for a sandbox that is ready. */
export function pageForState(portalUrl: string, name: string, { environmentId, status }: ResolvedName): ProxyPage | null {
  const link = environmentLink(portalUrl, environmentId);
  switch (status) {
    case "ready":
      return null;
    case "queued":
    case "provisioning":
      return {
        status: 503,
        title: "The sandbox is being created",
        detail: `${name} will be here in a moment. This page looks again by itself.`,
        link,
        retryAfterSeconds: RETRY_SECONDS,
      };
    case "failed":
      return { status: 502, title: "The sandbox was not created", detail: `Creating ${name} failed. Its page says why and what to do next.`, link };
    default:
      return { status: 410, title: "The sandbox is gone", detail: `${name} was deleted or has expired. Its page shows what was removed.`, link };
  }
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const STYLE = `:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
main{max-width:32rem;padding:2rem}h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:0 0 1rem}small{opacity:.7}`;

function html({ status, title, detail, link, retryAfterSeconds }: ProxyPage): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
${retryAfterSeconds ? `<meta http-equiv="refresh" content="${retryAfterSeconds}">` : ""}<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(detail)}</p><p><a href="${escapeHtml(link.url)}">${escapeHtml(link.title)}</a></p><small>${status}</small></main></body></html>
`;
}

function preferred(accept: string | undefined): "html" | "json" | "plain" {
  const wanted = (accept ?? "").toLowerCase();
  const [at, json] = [wanted.indexOf("text/html"), wanted.search(/application\/(problem\+)?json/)];
  if (at >= 0 && (json < 0 || at < json)) return "html";
  return json >= 0 ? "json" : "plain";
}

const CODES = { 404: "not_found", 410: "gone", 502: "not_answering", 503: "unavailable" } as const;

/** The page as the client asked for it. */
export function renderPage(page: ProxyPage, accept: string | undefined): { headers: Record<string, string>; body: string } {
  const kind = preferred(accept);
  const headers: Record<string, string> = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    ...(page.retryAfterSeconds ? { "Retry-After": String(page.retryAfterSeconds) } : {}),
  };
  if (kind === "html") return { headers: { ...headers, "Content-Type": "text/html; charset=utf-8" }, body: html(page) };
  if (kind === "plain")
    return { headers: { ...headers, "Content-Type": "text/plain; charset=utf-8" }, body: `${page.title}. ${page.detail}\n${page.link.title}: ${page.link.url}\n` };
  const problem = { type: "about:blank", title: page.title, status: page.status, code: CODES[page.status], detail: page.detail, link: page.link.url };
  return { headers: { ...headers, "Content-Type": "application/problem+json" }, body: `${JSON.stringify(problem)}\n` };
}
