import { and, eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, confirmations, environments, notifications, rateLimits, runs } from "@/db/schema";
import { decideConfirmation } from "@/lib/agents/mutations";
import { getConfirmation, listConfirmations } from "@/lib/agents/queries";
import { newId } from "@/lib/core/id";
import { type Cast, publish, theCast, webhookDefinition } from "@/tests/setup/action-world";
import { anEnvironmentRow, aToken, callTool } from "@/tests/setup/mcp-world";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { outcome, type SignedIn } from "@/tests/setup/people";

useOwnDatabase();
let cast: Cast;
let token = { id: "", token: "" };

beforeAll(async () => {
  cast = await theCast();
  token = await aToken(cast.ada.actor.id, ["read", "env:write", "repo:create", "actions:run"], "desk");
});
beforeEach(async () => {
  await db().delete(rateLimits);
});

const statusOf = async (id: string) => (await db().select().from(environments).where(eq(environments.id, id)))[0]?.status;
const decide = (who: SignedIn, id: string, confirm: boolean) => decideConfirmation({ ...who, now: who.now }, { id, confirm });

/** The first call, which only asks. */
async function asked(tool: string, args: Record<string, unknown>, by = token.token) {
  const { structuredContent } = await callTool(by, tool, args);
  expect(structuredContent).toMatchObject({ status: "confirmation-needed" });
  return structuredContent as unknown as { confirmationId: string; url: string; effects: string[]; expiresAt: string };
}

const codeOf = async (tool: string, args: Record<string, unknown>, by = token.token) => {
  const { structuredContent } = await callTool(by, tool, args);
  return structuredContent?.problem?.code ?? (structuredContent?.confirmationId ? "asks" : "done");
};

describe("deleting an environment", () => {
  test("does nothing at first, says what would be lost, and tells its person", async () => {
    const id = await anEnvironmentRow(cast.ada.actor.id, "checkout", { name: "gift-cards" });
    const { confirmationId, url, effects } = await asked("environment_delete", { id });
    expect(url).toBe(`http://localhost:3000/confirmations/${confirmationId}`);
    expect(effects).toEqual(["gift-cards (sandbox, group:default/checkout) is removed with its process, its database and its files."]);
    expect(await statusOf(id)).toBe("ready");
    expect(await db().select().from(runs).where(eq(runs.environmentId, id))).toEqual([]);
    expect(
      await db()
        .select()
        .from(auditEvents)
        .where(and(eq(auditEvents.targetId, id), eq(auditEvents.name, "environment.delete"))),
    ).toEqual([]);
    expect((await listConfirmations(cast.ada, {})).items.map((one) => one.id)).toContain(confirmationId);
    const [notice] = await db().select().from(notifications).where(eq(notifications.dedupeKey, confirmationId));
    expect(notice).toMatchObject({ userId: cast.ada.actor.id, href: `/confirmations/${confirmationId}` });
    expect((await asked("environment_delete", { id })).confirmationId).toBe(confirmationId);
  });

  test("is done once after its person has confirmed", async () => {
    const id = await anEnvironmentRow(cast.ada.actor.id, "checkout");
    const { confirmationId } = await asked("environment_delete", { id });
    expect(await codeOf("environment_delete", { id, confirmationId })).toBe("conflict");
    await decide(cast.ada, confirmationId, true);
    const [notice] = await db().select().from(notifications).where(eq(notifications.dedupeKey, confirmationId));
    expect(notice?.readAt).not.toBeNull();
    const other = await anEnvironmentRow(cast.ada.actor.id, "checkout");
    expect(await codeOf("environment_delete", { id: other, confirmationId })).toBe("conflict");
    expect(await codeOf("environment_delete", { confirmationId, id })).toBe("done");
    expect(await statusOf(id)).toBe("deleting");
    expect(await statusOf(other)).toBe("ready");
    // The same again changes nothing, so there is nothing to confirm; for something else it is used up.
    expect(await codeOf("environment_delete", { id })).toBe("done");
    expect((await getConfirmation(cast.ada, { id: confirmationId })).state).toBe("used");
    const names = (await db().select().from(auditEvents).where(eq(auditEvents.targetId, confirmationId))).map(({ name, tokenId, mcpClient }) => [
      name,
      tokenId,
      mcpClient !== null,
    ]);
    expect(names).toEqual([
      ["confirmation.ask", token.id, true],
      ["confirmation.decide", null, false],
      ["confirmation.use", token.id, true],
    ]);
  });

  test("several calls with one confirmation at once: one is done", async () => {
    await publish(cast.pat, "once-only", webhookDefinition("https://hooks.example/once", { title: "Once only" }));
    const args = { name: "once-only", entityRef: "component:default/checkout-api" };
    const { confirmationId } = await asked("action_run", args);
    await decide(cast.ada, confirmationId, true);
    const ended = await Promise.all([1, 2, 3, 4].map(() => codeOf("action_run", { ...args, confirmationId })));
    expect(ended.sort()).toEqual(["conflict", "conflict", "conflict", "done"]);
    expect(await db().select().from(runs).where(eq(runs.title, "Once only: checkout-api"))).toHaveLength(1);
  });

  test("a refused, an expired and another token's confirmation allow nothing", async () => {
    const id = await anEnvironmentRow(cast.ada.actor.id, "checkout");
    const first = await asked("environment_delete", { id });
    await decide(cast.ada, first.confirmationId, false);
    expect(await codeOf("environment_delete", { id, confirmationId: first.confirmationId })).toBe("conflict");
    const second = await asked("environment_delete", { id });
    expect(second.confirmationId).not.toBe(first.confirmationId);
    await decide(cast.ada, second.confirmationId, true);
    const another = await aToken(cast.ada.actor.id, ["read", "env:write"]);
    expect(await codeOf("environment_delete", { id, confirmationId: second.confirmationId }, another.token)).toBe("conflict");
    await db()
      .update(confirmations)
      .set({ expiresAt: new Date(0) })
      .where(eq(confirmations.id, second.confirmationId));
    expect(await codeOf("environment_delete", { id, confirmationId: second.confirmationId })).toBe("conflict");
    expect(await outcome(decide(cast.ada, second.confirmationId, true))).toBe("conflict");
    expect(await codeOf("environment_delete", { id, confirmationId: "cfm_made_up" })).toBe("conflict");
    expect(await statusOf(id)).toBe("ready");
  });

  test("only its person sees and decides it, and never with a token", async () => {
    const id = await anEnvironmentRow(cast.ada.actor.id, "checkout");
    const { confirmationId } = await asked("environment_delete", { id });
    for (const who of [cast.olga, cast.bo, cast.max, cast.pat]) {
      expect(await outcome(getConfirmation(who, { id: confirmationId }))).toBe("not_found");
      expect(await outcome(decide(who, confirmationId, true))).toBe("not_found");
    }
    const byToken = { ...cast.ada, actor: { ...cast.ada.actor, credential: { type: "token" as const, id: token.id, scopes: ["read" as const, "admin" as const] } } };
    expect(await outcome(getConfirmation(byToken, { id: confirmationId }))).toBe("forbidden");
    expect(await outcome(decide(byToken, confirmationId, true))).toBe("forbidden");
  });

  test("who may not delete it is refused and asks nobody", async () => {
    const olgas = await anEnvironmentRow(cast.olga.actor.id, "checkout");
    expect(await codeOf("environment_delete", { id: olgas })).toBe("forbidden");
    const bos = await aToken(cast.bo.actor.id, ["read", "env:write"]);
    expect(await codeOf("environment_delete", { id: olgas }, bos.token)).toBe("not_found");
    expect((await listConfirmations(cast.bo, {})).total).toBe(0);
  });

  test("a right that was lost after the confirmation counts", async () => {
    const id = await anEnvironmentRow(cast.ada.actor.id, "checkout");
    const { confirmationId } = await asked("environment_delete", { id });
    await decide(cast.ada, confirmationId, true);
    await db().update(environments).set({ ownerId: cast.olga.actor.id }).where(eq(environments.id, id));
    expect(await codeOf("environment_delete", { id, confirmationId })).toBe("forbidden");
    expect((await getConfirmation(cast.ada, { id: confirmationId })).state).toBe("confirmed");
  });
});

describe("what else is lost", () => {
  test("a longer life is given at once, a shorter one is asked for", async () => {
    const id = await anEnvironmentRow(cast.ada.actor.id, "checkout");
    expect(await codeOf("environment_extend", { id, ttl: "7d" })).toBe("done");
    const { effects } = await asked("environment_extend", { id, ttl: "1m" });
    expect(effects[0]).toContain("ends 1m from now instead of on");
    // A token that may not read says as little.
    const blind = await aToken(cast.ada.actor.id, ["env:write"]);
    await asked("environment_extend", { id, ttl: "1m" }, blind.token);
  });

  test("what would be done has to be what was confirmed", async () => {
    const id = await anEnvironmentRow(cast.ada.actor.id, "checkout");
    const { confirmationId } = await asked("environment_extend", { id, ttl: "1h" });
    await decide(cast.ada, confirmationId, true);
    await db()
      .update(environments)
      .set({ expiresAt: new Date(Date.now() + 5 * 86_400_000) })
      .where(eq(environments.id, id));
    const refused = await callTool(token.token, "environment_extend", { id, ttl: "1h", confirmationId });
    expect(refused.structuredContent?.problem?.detail).toContain("has changed since it was confirmed");
  });

  test("an action outside of Waymark is asked for, its secrets hidden from the page; a harmless one is not", async () => {
    await publish(cast.pat, "purge-cache", webhookDefinition("https://hooks.example/purge"));
    const args = { name: "purge-cache", entityRef: "component:default/checkout-api", values: { key: "s3cret-key", region: "eu" } };
    const { confirmationId, effects } = await asked("action_run", args);
    expect(effects[0]).toMatch(/Purge cache.*component:default\/checkout-api.*outside of Waymark/);
    const shown = await getConfirmation(cast.ada, { id: confirmationId });
    expect(shown.arguments).toMatchObject({ values: { key: "********", region: "eu" } });
    const [row] = await db().select().from(confirmations).where(eq(confirmations.id, confirmationId));
    expect(JSON.stringify(row)).not.toContain("s3cret");
    await decide(cast.ada, confirmationId, true);
    expect(await codeOf("action_run", { ...args, values: { ...args.values, key: "another" }, confirmationId })).toBe("conflict");
    expect(await codeOf("action_run", { ...args, values: { region: "eu", key: "s3cret-key" }, confirmationId })).toBe("done");
    await publish(cast.pat, "warm-cache", webhookDefinition("https://hooks.example/warm", { title: "Warm cache", agents: "free" }));
    expect(await codeOf("action_run", { name: "warm-cache", entityRef: "component:default/checkout-api" })).toBe("done");
    await publish(cast.pat, "restart-it", {
      ...webhookDefinition(""),
      title: "Restart it",
      backEnd: { type: "function", function: "restart" },
      inputs: { type: "object", properties: { environment: { type: "string", title: "Environment", "ui:field": "EnvironmentPicker" } }, required: ["environment"] },
    });
    const id = await anEnvironmentRow(cast.ada.actor.id, "checkout", { entityRef: "component:default/checkout-api", lifetime: "permanent", tier: "staging", name: "co-staging" });
    expect(await codeOf("action_run", { name: "restart-it", entityRef: "component:default/checkout-api", values: { environment: id } })).toBe("done");
    // What takes a password away is asked for, whatever the platform team chose.
    await publish(cast.pat, "new-password", {
      ...webhookDefinition(""),
      title: "New password",
      agents: "free",
      backEnd: { type: "function", function: "change-database-password" },
      inputs: {
        type: "object",
        properties: { environment: { type: "string", title: "Environment", "ui:field": "EnvironmentPicker" }, database: { type: "string", default: "main" } },
        required: ["environment"],
      },
    });
    const form = (await callTool(token.token, "action_get", { name: "new-password" })).structuredContent;
    expect(form).toMatchObject({ agentsAsk: true });
  });

  test("trying a failed removal again is asked for, trying a failed creation is not", async () => {
    const failed = async (kind: string) => {
      const id = newId("run");
      await db()
        .insert(runs)
        .values({
          id,
          kind,
          title: `${kind} of x`,
          status: "failed",
          input: {},
          teamId: "tea_checkout",
          requestedBy: cast.ada.actor.id,
          deadlineMs: 60_000,
          deadlineAt: new Date(),
          createdAt: new Date(),
        });
      return id;
    };
    await asked("run_retry", { id: await failed("environment.delete") });
    expect(await codeOf("run_retry", { id: await failed("environment.create") })).toBe("done");
  });
});

test("an agent that asks again and again is slowed down", async () => {
  const eager = await aToken(cast.olga.actor.id, ["read", "env:write"]);
  const codes: unknown[] = [];
  for (let i = 0; i < 22; i++) codes.push(await codeOf("environment_delete", { id: await anEnvironmentRow(cast.olga.actor.id, "checkout") }, eager.token));
  expect(codes.filter((one) => one === "asks")).toHaveLength(20);
  expect(codes.at(-1)).toBe("rate_limited");
});
