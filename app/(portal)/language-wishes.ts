import { cookies, headers } from "next/headers";
import { LANGUAGE_COOKIE } from "@/lib/surveys/contract";

/** What the request says of its reader's language; `address` is the page's `lang`. */
export async function languageWishes(address: string | string[] | undefined) {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  return { address, kept: jar.get(LANGUAGE_COOKIE)?.value, accepted: head.get("accept-language") };
}
