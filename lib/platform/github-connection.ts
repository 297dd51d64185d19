import "server-only";
import { createPrivateKey } from "node:crypto";
import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { integrations } from "@/db/schema";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { decrypt, encrypt } from "@/lib/core/secrets";
import { type GithubConnection, parseApiUrl } from "@/lib/github/connection";
import type { ConnectGithub } from "./contract";

const PLACE = "integrations|github|secrets";

const Config = z.object({ apiUrl: z.string(), owner: z.string(), auth: z.enum(["app", "token"]), appId: z.string().nullable() });
const Secrets = z.object({ privateKey: z.string().nullable(), token: z.string().nullable() });
type GithubConfig = z.infer<typeof Config>;
type GithubSecrets = z.infer<typeof Secrets>;

export interface LoadedGithub {
  source: "environment" | "stored";
  connection: GithubConnection;
  updatedAt: Date | null;
  updatedBy: string | null;
}

/** The connection in force: the environment's, else the stored one, else null. Holds secrets. */
export async function loadGithub(on: Connection): Promise<LoadedGithub | null> {
  const { github } = env();
  if (github) return { source: "environment", connection: github, updatedAt: null, updatedBy: null };
  const stored = await loadStoredGithub(on);
  if (!stored) return null;
  const { config, secrets, updatedAt, updatedBy } = stored;
  const { apiUrl, owner } = config;
  return { source: "stored", connection: { apiUrl, owner, auth: authOf(config, secrets) }, updatedAt, updatedBy };
}

function authOf({ auth, appId }: GithubConfig, { privateKey, token }: GithubSecrets): GithubConnection["auth"] {
  if (auth === "app" && appId && privateKey) return { type: "app", appId, privateKey };
  if (auth === "token" && token) return { type: "token", token };
  throw new DomainError("unavailable", "The stored connection to GitHub is incomplete. Enter it again on Integrations.");
}

/** What an admin stored, whether or not the environment wins over it. */
export async function loadStoredGithub(on: Connection): Promise<{ config: GithubConfig; secrets: GithubSecrets; updatedAt: Date; updatedBy: string | null } | null> {
  const [row] = await on.select().from(integrations).where(eq(integrations.name, "github"));
  if (!row) return null;
  const secrets = Secrets.parse(JSON.parse(decrypt(row.secrets, PLACE)));
  return { config: Config.parse(row.config), secrets, updatedAt: row.updatedAt, updatedBy: row.updatedBy };
}

/** Stores a connection in place of the one before. */
export async function storeGithub(on: Connection, config: GithubConfig, secrets: GithubSecrets, by: string | null, now: Date): Promise<void> {
  const row = { config, secrets: encrypt(JSON.stringify(secrets), PLACE), updatedAt: now, updatedBy: by };
  await on
    .insert(integrations)
    .values({ name: "github", ...row })
    .onConflictDoUpdate({ target: integrations.name, set: row });
}

/** Throws DomainError("conflict") where environment variables connect GitHub. */
export function requireChangeable(): void {
  if (env().github) throw new DomainError("conflict", "GitHub is connected by the GITHUB_… environment variables of the portal. Change them there and start again.");
}

/**
 * What a person entered together with the stored secrets they left out. A stored secret only goes on to the origin and the
 * identity it was entered for. Throws DomainError("invalid") naming what is missing.
 */
export async function connectionOf(on: Connection, input: z.output<typeof ConnectGithub>): Promise<{ config: GithubConfig; secrets: GithubSecrets }> {
  const apiUrl = checkedUrl(input.apiUrl);
  const before = await loadStoredGithub(on);
  const isApp = input.auth === "app";
  const appId = isApp ? (input.appId ?? null) : null;
  const isSame = before?.config.auth === input.auth && new URL(before.config.apiUrl).origin === new URL(apiUrl).origin && before.config.appId === appId;
  const kept = isSame ? before.secrets : null;
  const privateKey = isApp ? (input.privateKey ?? kept?.privateKey ?? null) : null;
  const token = isApp ? null : (input.token ?? kept?.token ?? null);
  if (isApp && !appId) throw missing("appId", "Enter the App id, a number from the App's settings.");
  if (isApp && !privateKey)
    throw missing("privateKey", before ? "Enter the private key again: the stored one is only sent to the address and App it was entered for." : "Enter the App's private key.");
  if (!isApp && !token) throw missing("token", before ? "Enter the token again: the stored one is only sent to the address it was entered for." : "Enter a token.");
  if (privateKey) checkKey(privateKey);
  return { config: { apiUrl, owner: input.owner, auth: input.auth, appId }, secrets: { privateKey, token } };
}

function checkedUrl(text: string): string {
  try {
    return parseApiUrl(text);
  } catch (error) {
    throw missing("apiUrl", error instanceof Error ? error.message : "Enter an address.");
  }
}

function checkKey(pem: string): void {
  try {
    if (createPrivateKey(pem).asymmetricKeyType === "rsa") return;
  } catch (cause) {
    throw missing("privateKey", "This is not a readable private key. Enter the whole .pem file that GitHub gave for the App.", cause);
  }
  throw missing("privateKey", "This is not an RSA key. Enter the .pem file that GitHub gave for the App.");
}

const missing = (path: string, message: string, cause?: unknown) => new DomainError("invalid", message, { fields: [{ path, message }], cause });
