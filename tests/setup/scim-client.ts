import { like } from "drizzle-orm";
import { db } from "@/db/client";
import { rateLimits } from "@/db/schema";
import { createConnection, serveScim } from "@/lib/identity/mutations";
import type { SignedIn } from "./people";

export interface ScimAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of a foreign protocol, looked into by tests
  body: any;
  headers: Headers;
}

const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/** A provider's client, before the route's own function. */
export class ScimClient {
  constructor(
    readonly token: string,
    readonly connectionId = "",
    readonly agent = "Okta SCIM Client 1.0.0",
  ) {}

  /** One request; a test asks faster than a provider may, so its count begins anew when it is full. */
  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ScimAnswer> {
    const answer = await this.askOnce(method, path, body, headers);
    if (answer.status !== 429) return answer;
    await db().delete(rateLimits).where(like(rateLimits.key, "scim|%"));
    return this.askOnce(method, path, body, headers);
  }

  async askOnce(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ScimAnswer> {
    const request = new Request(`http://portal.example/scim/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/scim+json", "user-agent": this.agent, ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const answer = await serveScim(request, new URL(request.url).pathname.split("/").slice(3));
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null, headers: answer.headers };
  }

  get = (path: string) => this.ask("GET", path);
  patch = (path: string, ...operations: unknown[]) => this.ask("PATCH", path, { schemas: [PATCH], Operations: operations });

  /** Pushes a person and returns their id. */
  async person(userName: string, rest: Record<string, unknown> = {}): Promise<string> {
    const { status, body } = await this.ask("POST", "/Users", { schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], userName, active: true, ...rest });
    if (status !== 201) throw new Error(`${userName}: ${status} ${JSON.stringify(body)}`);
    return body.id;
  }

  /** Pushes a group and returns its id. */
  async group(displayName: string, members: string[] = [], rest: Record<string, unknown> = {}): Promise<string> {
    const { status, body } = await this.ask("POST", "/Groups", {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
      displayName,
      members: members.map((value) => ({ value })),
      ...rest,
    });
    if (status !== 201) throw new Error(`${displayName}: ${status} ${JSON.stringify(body)}`);
    return body.id;
  }

  async members(groupId: string): Promise<string[]> {
    return ((await this.get(`/Groups/${groupId}`)).body.members as { value: string }[]).map((member) => member.value).sort();
  }
}

/** A new connection, made by a platform admin, and a client with its token. */
export async function aConnection(
  admin: SignedIn,
  name: string,
  settings: { recognise?: "sub" | "oid" | "email"; groupKey?: "displayName" | "externalId" } = {},
): Promise<ScimClient> {
  const { id, token } = await createConnection(admin, { name, ...settings });
  return new ScimClient(token, id);
}
