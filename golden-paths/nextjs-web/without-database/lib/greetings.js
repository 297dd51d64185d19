import { randomUUID } from "node:crypto";

/** Nothing is kept: each page begins empty. */
export async function latestGreetings() {
  return [];
}

export async function keepGreeting(text) {
  return { id: randomUUID(), text };
}
