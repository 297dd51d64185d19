import "server-only";
import { eq, inArray } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { integrations } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { decrypt, encrypt } from "@/lib/core/secrets";
import type { HostConnection } from "@/lib/hosts/client";
import { CONNECTION_KINDS, type ConnectionKind, HOST_WORDS } from "@/lib/hosts/contract";
import type { ConnectHost } from "./contract";

// One connection for each kind of host, in the same table as GitHub's. The token is sealed for its row.

const Config = z.object({ url: z.string(), owner: z.string(), user: z.string().nullable() });
const place = (kind: ConnectionKind) => `integrations|${kind}|secrets`;
type Stored = Omit<HostConnection<ConnectionKind>, "token">;

/** What is stored, without the tokens, in the order of the kinds. */
export async function loadHosts(on: Connection): Promise<(Stored & { updatedAt: Date })[]> {
  const rows = await on
    .select()
    .from(integrations)
    .where(inArray(integrations.name, [...CONNECTION_KINDS]));
  return CONNECTION_KINDS.flatMap((kind) => {
    const row = rows.find(({ name }) => name === kind);
    return row ? [{ kind, ...Config.parse(row.config), updatedAt: row.updatedAt }] : [];
  });
}

/** The whole connection, or null. Throws DomainError("unavailable") when the token cannot be read. */
export async function loadHost<K extends ConnectionKind>(on: Connection, kind: K): Promise<HostConnection<K> | null> {
  const [row] = await on.select().from(integrations).where(eq(integrations.name, kind));
  return row ? { kind, ...Config.parse(row.config), token: decrypt(row.secrets, place(kind)) } : null;
}

/** Stores a connection in place of the one before. */
export async function storeHost(on: Connection, { kind, ...config }: Stored, token: string, by: string | null, now: Date): Promise<void> {
  const row = { config, secrets: encrypt(token, place(kind)), updatedAt: now, updatedBy: by };
  await on
    .insert(integrations)
    .values({ name: kind, ...row })
    .onConflictDoUpdate({ target: integrations.name, set: row });
}

/** The address without what does not belong to it. Throws DomainError("invalid") beside `url`. */
export function hostUrlOf({ kind, url }: z.output<typeof ConnectHost>): string {
  const text = url || HOST_WORDS[kind].url;
  const parsed = URL.canParse(text) ? new URL(text) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password || parsed.search || parsed.hash)
    throw invalid("url", `Enter an https:// address such as ${HOST_WORDS[kind].url}.`);
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, "")}`;
}

/** What a person entered together with the stored token they left out, which only goes on to the address and account it was entered for. */
export async function hostConnectionOf(on: Connection, input: z.output<typeof ConnectHost>): Promise<HostConnection<ConnectionKind>> {
  const { kind, owner } = input;
  const url = hostUrlOf(input);
  const user = kind === "bitbucket" ? (input.user ?? null) : null;
  const { title, example } = HOST_WORDS[kind];
  const { pattern, words } = OWNERS[kind];
  if (!pattern.test(owner)) throw invalid("owner", `Write ${words}, such as ${example}.`);
  const before = await loadHost(on, kind);
  const isSame = before !== null && new URL(before.url).origin === new URL(url).origin && before.user === user;
  const token = input.token ?? (isSame ? before.token : null);
  if (!token) throw invalid("token", before ? "Enter the token again: the stored one is only sent to the address and account it was entered for." : `Enter a token of ${title}.`);
  return { kind, url, owner, user, token };
}

const NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]*";
const OWNERS: Record<ConnectionKind, { pattern: RegExp; words: string }> = {
  gitlab: { pattern: new RegExp(`^${NAME}(/${NAME}){0,19}$`), words: "the path of a group" },
  gitea: { pattern: new RegExp(`^${NAME}$`), words: "the name of an organisation" },
  bitbucket: { pattern: new RegExp(`^${NAME}(/[A-Z][A-Z0-9_]*)?$`), words: "the workspace, and the key of the project in capitals" },
  azure: { pattern: /^[A-Za-z0-9][A-Za-z0-9-]*\/[^/\\:*?"<>|#%&{}+]{1,64}$/, words: "organisation and project" },
  argocd: { pattern: new RegExp(`^${NAME}$`), words: "a name" },
};

const invalid = (path: string, message: string) => new DomainError("invalid", message, { fields: [{ path, message }] });
