import "server-only";
import type { Ctx } from "@/lib/core/ctx";
import { readJson } from "@/lib/core/http/body";
import { HttpError } from "@/lib/core/http/problem";
import { requestIdOf } from "@/lib/core/http/request-ctx";
import { log } from "@/lib/core/log";
import type { Arrival } from "./arrival";
import { type Answered, failureOf } from "./failure";
import { LIST_SCHEMA, MAX_BODY_BYTES, MEDIA_TYPE, type Resource, scimBase } from "./protocol";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

interface Asked {
  ctx: Ctx;
  id: string;
  query: Record<string, string>;
  ifMatch: string | undefined;
  /** Reads the body; an object. */
  body: () => Promise<Record<string, unknown>>;
}

/** One request below /scim/v2. Never throws: every refusal is a SCIM error. */
export async function serveScim(request: Request, segments: string[]): Promise<Response> {
  const path = segments.map(decoded);
  const requestId = requestIdOf(request.headers);
  const about = { request: `${request.method} /${path.map(shortened).join("/")}` };
  let arrival: Arrival | null = null;
  let answer: Answered;
  const { connectionCtx, noteArrival } = await import("./arrival");
  try {
    const known = await connectionCtx(request, requestId, about);
    arrival = known.arrival;
    answer = await answerTo(request, path, known.ctx);
  } catch (error) {
    answer = failureOf(error, requestId);
  }
  if (arrival) {
    const problem = answer.problem && !(answer.status === 404 && request.method === "GET") ? answer.problem : null;
    await noteArrival(arrival, answer.status, problem).catch((error: unknown) => log().warn({ err: error, requestId }, "a provisioning request could not be noted"));
  }
  const headers: Record<string, string> = { "cache-control": "private, no-store", "x-request-id": requestId, "x-content-type-options": "nosniff", ...answer.headers };
  if (answer.body === null) return new Response(null, { status: answer.status, headers });
  return new Response(JSON.stringify(answer.body), { status: answer.status, headers: { "content-type": `${MEDIA_TYPE};charset=utf-8`, ...headers } });
}

/** The router leaves some characters escaped. A broken escape is no id of ours. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Ids in full, anything else short: it is shown on a page. */
const shortened = (part: string) => part.slice(0, 80);

async function answerTo(request: Request, path: string[], ctx: Ctx): Promise<Answered> {
  const [kind = "", id = "", ...more] = path;
  const asked: Asked = {
    ctx,
    id,
    query: Object.fromEntries(new URL(request.url).searchParams),
    ifMatch: request.headers.get("if-match") ?? undefined,
    body: () => readJson(request, MAX_BODY_BYTES),
  };
  const method = request.method as Method;
  if (more.length === 0 && id === ".search" && method === "POST") return search(kind, asked);
  if (more.length === 0 && kind === "Bulk") throw new HttpError(501, "unsupported", "Bulk is not supported. Send one request for each change.");
  if (more.length === 0 && kind === "Me") throw new HttpError(501, "unsupported", "A connection is no person, so there is no Me.");
  const handlers = more.length === 0 ? await handlersOf(kind, id) : null;
  if (!handlers)
    throw new HttpError(404, "not_found", `There is nothing at /${path.map(shortened).join("/")}. Known are Users, Groups, ServiceProviderConfig, ResourceTypes and Schemas.`);
  const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
  if (!handler) throw new HttpError(405, "method_not_allowed", `${method} is not possible here. Possible: ${Object.keys(handlers).join(", ")}.`);
  return handler(asked);
}

type Handlers = Partial<Record<Method, (asked: Asked) => Promise<Answered>>>;

async function handlersOf(kind: string, id: string): Promise<Handlers | null> {
  switch (kind) {
    case "Users":
      return id ? PERSON : PEOPLE;
    case "Groups":
      return id ? GROUP : GROUPS;
    case "ServiceProviderConfig":
    case "ResourceTypes":
    case "Schemas":
      return { GET: ({ query }) => describe(kind, id, query) };
    default:
      return null;
  }
}

const reading = () => import("./read");
const peopleWrites = () => import("./people");
const groupWrites = () => import("./groups");

const done = (body: unknown, options: { status?: number; headers?: Record<string, string> } = {}): Answered => ({
  status: options.status ?? 200,
  body,
  headers: options.headers ?? {},
  problem: null,
});
const EMPTY: Answered = { status: 204, body: null, headers: {}, problem: null };
const one = (resource: Resource, shown: unknown = resource): Answered => done(shown, { headers: { etag: resource.meta.version } });
const created = (resource: Resource): Answered => done(resource, { status: 201, headers: { location: resource.meta.location, etag: resource.meta.version } });
/** Only what the interface knows: a provider may add parameters of its own. */
const shownParts = ({ query: { attributes, excludedAttributes } }: Asked) => ({ ...(attributes ? { attributes } : {}), ...(excludedAttributes ? { excludedAttributes } : {}) });
const matching = ({ ifMatch }: Asked) => (ifMatch === undefined ? {} : { ifMatch });

const PEOPLE: Handlers = {
  GET: async ({ ctx, query }) => done(await (await reading()).listPushedPeople(ctx, query)),
  POST: async ({ ctx, body }) => created((await (await peopleWrites()).pushPerson(ctx, { resource: await body() })).resource),
};
const PERSON: Handlers = {
  GET: async (asked) => {
    const { resource, shown } = await (await reading()).getPushedPerson(asked.ctx, { id: asked.id, ...shownParts(asked) });
    return one(resource, shown);
  },
  PUT: async (asked) => one((await (await peopleWrites()).replacePerson(asked.ctx, { id: asked.id, resource: await asked.body(), ...matching(asked) })).resource),
  PATCH: async (asked) => one((await (await peopleWrites()).patchPushedPerson(asked.ctx, { id: asked.id, body: await asked.body(), ...matching(asked) })).resource),
  DELETE: async (asked) => {
    await (await peopleWrites()).removePushedPerson(asked.ctx, { id: asked.id, ...matching(asked) });
    return EMPTY;
  },
};
const GROUPS: Handlers = {
  GET: async ({ ctx, query }) => done(await (await reading()).listPushedGroups(ctx, query)),
  POST: async ({ ctx, body }) => created((await (await groupWrites()).pushGroup(ctx, { resource: await body() })).resource),
};
const GROUP: Handlers = {
  GET: async (asked) => {
    const { resource, shown } = await (await reading()).getPushedGroup(asked.ctx, { id: asked.id, ...shownParts(asked) });
    return one(resource, shown);
  },
  PUT: async (asked) => {
    await (await groupWrites()).replaceGroup(asked.ctx, { id: asked.id, resource: await asked.body(), ...matching(asked) });
    const { resource, shown } = await (await reading()).getPushedGroup(asked.ctx, { id: asked.id, ...shownParts(asked) });
    return one(resource, shown);
  },
  // Without a body unless parts are asked for: a group may have thousands of members, and nobody reads them back.
  PATCH: async (asked) => {
    const { row } = await (await groupWrites()).patchPushedGroup(asked.ctx, { id: asked.id, body: await asked.body(), ...matching(asked) });
    const parts = shownParts(asked);
    if (Object.keys(parts).length === 0) return { ...EMPTY, headers: { etag: `W/"${row.version}"` } };
    const { resource, shown } = await (await reading()).getPushedGroup(asked.ctx, { id: asked.id, ...parts });
    return one(resource, shown);
  },
  DELETE: async (asked) => {
    await (await groupWrites()).removePushedGroup(asked.ctx, { id: asked.id, ...matching(asked) });
    return EMPTY;
  },
};

/** RFC 7644 §3.4.3: the same lists with the question in the body. */
async function search(kind: string, { ctx, body }: Asked): Promise<Answered> {
  const { listPushedPeople, listPushedGroups } = await reading();
  const list = kind === "Users" ? listPushedPeople : kind === "Groups" ? listPushedGroups : null;
  if (!list) throw new HttpError(404, "not_found", "Search below /Users or /Groups.");
  return done(await list(ctx, await body()));
}

async function describe(kind: string, id: string, query: Record<string, string>): Promise<Answered> {
  if (query.filter) throw new HttpError(403, "forbidden", `${kind} cannot be filtered.`);
  const { providerConfig, resourceTypeDocuments, schemaDocuments } = await import("./schemas");
  if (kind === "ServiceProviderConfig") {
    if (id) throw new HttpError(404, "not_found", "There is one configuration, at /ServiceProviderConfig.");
    return done(providerConfig());
  }
  const all = kind === "Schemas" ? schemaDocuments() : resourceTypeDocuments();
  if (!id) return done({ schemas: [LIST_SCHEMA], totalResults: all.length, startIndex: 1, itemsPerPage: all.length, Resources: all });
  const found = all.find((document) => document.id === id);
  if (!found) throw new HttpError(404, "not_found", `There is no "${id.slice(0, 200)}" at ${scimBase()}/${kind}.`);
  return done(found);
}
