import { randomInt } from "node:crypto";
import { crc32 } from "node:zlib";

export const TOKEN_KINDS = ["pat", "cli", "svc", "scim", "mcp"] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_CHARS = 30;
const PATTERN = /^wmk_(pat|cli|svc|scim|mcp)_[0-9A-Za-z]{36}$/;

function checksum(body: string): string {
  let rest = crc32(body);
  let text = "";
  for (let i = 0; i < 6; i++) {
    text = BASE62[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/** A new token `wmk_<kind>_` + 30 random base62 characters (178 bits) + 6 of CRC-32, so junk never reaches the database. */
export function makeToken(kind: TokenKind): string {
  let body = `wmk_${kind}_`;
  for (let i = 0; i < RANDOM_CHARS; i++) body += BASE62[randomInt(62)];
  return body + checksum(body);
}

/** True if shape and checksum are right; says nothing about the token being known. */
export function isWellFormedToken(text: string): boolean {
  return PATTERN.test(text) && checksum(text.slice(0, -6)) === text.slice(-6);
}

/** True for a token made for an agent: it is good at the MCP door and nowhere else, so that no other door leads around what is confirmed there. */
export const isAgentToken = (text: string): boolean => text.startsWith("wmk_mcp_");
