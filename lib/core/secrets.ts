import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import { env } from "./env";
import { DomainError } from "./errors";

// Envelope: a fresh data key per secret, itself sealed by the master key. Rotation re-wraps only the data key.
const VERSION = "v1";
const NONCE_BYTES = 12;

function masterSecret(): string {
  const { secret } = env();
  if (!secret) throw new DomainError("unavailable", "WAYMARK_SECRET is not set. Set it to a random text of at least 32 characters and start again.");
  return secret;
}

/** A 32-byte key derived from WAYMARK_SECRET for one purpose (HKDF-SHA-256, RFC 5869). */
export function derivedKey(purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", masterSecret(), "waymark", purpose, 32));
}

function seal(key: Buffer, plain: Buffer, aad: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(aad));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Buffer, sealed: Buffer, aad: string): Buffer {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(aad));
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -16)), decipher.final()]);
}

/** Encrypts a text for storage; `place` (table|id|column) binds it to its row so that it cannot be moved elsewhere. */
export function encrypt(plain: string, place: string): string {
  const dataKey = randomBytes(32);
  const wrapped = seal(derivedKey("secrets-at-rest"), dataKey, `${VERSION}|${place}`);
  return [VERSION, wrapped.toString("base64url"), seal(dataKey, Buffer.from(plain), place).toString("base64url")].join(".");
}

/** Decrypts what `encrypt` made for the same place. Throws DomainError("unavailable") when WAYMARK_SECRET is not the one used. */
export function decrypt(stored: string, place: string): string {
  const [version, wrapped, sealed] = stored.split(".");
  try {
    if (version !== VERSION || !wrapped || !sealed) throw new Error("unknown format");
    const dataKey = open(derivedKey("secrets-at-rest"), Buffer.from(wrapped, "base64url"), `${VERSION}|${place}`);
    return open(dataKey, Buffer.from(sealed, "base64url"), place).toString();
  } catch (cause) {
    throw new DomainError("unavailable", "A stored secret cannot be read: WAYMARK_SECRET is not the one it was stored with. Restore the old value.", { cause });
  }
}

/** Hex SHA-256; for looking up high-entropy secrets (tokens, session cookies) without storing them. */
export function sha256(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A random text of `bytes` × 8 bits in base64url. */
export function randomSecret(bytes = 32): string {
  return randomBytes(bytes).toString("base64url");
}

/** Compares two texts in constant time. */
export function equalSecrets(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
}

/** Every text of a value, however deep, that is not empty: what a log has to mask of a secret. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
