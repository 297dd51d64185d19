import type { NextApiRequest, NextApiResponse } from "next";
import NextAuth, { type AuthOptions } from "next-auth";

// The sign-in library wants Next's request helpers or an express-like pair. It gets the pair, so that it depends on nothing but
// what is passed in: only the two steps of the dance ever reach it.

interface Call {
  action: "signin" | "callback";
  method: "GET" | "POST";
  query: Record<string, string>;
  body: Record<string, string>;
  cookies: Record<string, string>;
}

export interface Answer {
  location: string | null;
  /** Set-Cookie lines. */
  cookies: string[];
}

/** Runs one step of the OIDC dance in next-auth. Returns where it wants the browser to go. */
export async function callNextAuth(options: AuthOptions, { action, ...call }: Call): Promise<Answer> {
  const headers = new Map<string, string | string[]>();
  const response = {
    status: () => response,
    getHeader: (name: string) => headers.get(name.toLowerCase()),
    setHeader: (name: string, value: string | string[]) => {
      headers.set(name.toLowerCase(), value);
      return response;
    },
    send: () => undefined,
    json: () => undefined,
    end: () => undefined,
  };
  const request = { ...call, headers: {}, query: { ...call.query, nextauth: [action, "oidc"] } };
  // The library's own types want Node's sockets; what it reads of the two is exactly the above.
  await NextAuth(options)(request as unknown as NextApiRequest, response as unknown as NextApiResponse);
  const location = headers.get("location");
  return { location: typeof location === "string" ? location : null, cookies: [headers.get("set-cookie") ?? []].flat() };
}
