import "server-only";
import { cookies, headers } from "next/headers";
import { notFound } from "next/navigation";
import { isDomainError } from "./errors";
import { log } from "./log";

/** The answer, or the page that says there is nothing here (also for what the person may not know of). */
export async function orNotFound<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (isDomainError(error) && (error.code === "not_found" || error.code === "forbidden")) notFound();
    throw error;
  }
}

/** The answer, or null for a part of a page that fails alone; what went wrong is in the log. */
export async function orMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    log().warn({ err: error }, "a part of a page failed");
    return null;
  }
}

/** What the request of a page says of its reader's language: the one that the cookie keeps, and the header. */
export async function languageHints(cookie: string): Promise<{ kept: string | undefined; accepted: string | null }> {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  return { kept: jar.get(cookie)?.value, accepted: head.get("accept-language") };
}
