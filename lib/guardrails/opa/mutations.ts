import { z } from "zod";
import { mutation } from "@/lib/core/operation";
import { requireFetchable } from "@/lib/core/safe-fetch";
import { ConnectOpa } from "../contract";
import { forgetOpa, opaConnectionOf, opaUrlOf, storeOpa } from "./connection";

const target = { type: "integration", id: "opa", label: "Open Policy Agent" };

export const connectOpa = mutation({
  name: "integration.edit",
  summary: "Ask an Open Policy Agent beside the guardrails; its token is stored sealed and never shown again.",
  input: ConnectOpa,
  subject: () => null,
  prepare: ({ url }) => requireFetchable(opaUrlOf(url), "url"),
  run: async (tx, input, ctx) => {
    const connection = await opaConnectionOf(tx, input);
    await storeOpa(tx, connection, ctx.actor.type === "user" ? ctx.actor.id : null, ctx.now);
    const { url, path, abilities, failMode } = connection;
    return { url, path, abilities, failMode };
  },
  audit: (input, { url, path, abilities, failMode }) => ({
    target,
    detail: { change: "connected", url, path, abilities, failMode, newSecrets: input.token === undefined ? [] : ["token"] },
  }),
});

export const disconnectOpa = mutation({
  name: "integration.edit",
  summary: "Forget the policy agent and its token; guardrails go on without it.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (tx) => ({ disconnected: await forgetOpa(tx) }),
  audit: (_input, { disconnected }) => (disconnected ? { target, detail: { change: "disconnected" } } : null),
});
