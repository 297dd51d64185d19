import { z } from "zod";
import { mutation } from "@/lib/core/operation";
import { requireTeams, teamsOfRows } from "../sender";
import { keepDelivery } from "../webhooks/receive";
import { serviceMeant } from "../webhooks/told";
import { CloudEvent, checkData } from "./envelope";
import { artifactOf, CLOUD_EVENTS, servicesIn } from "./told";

const MAX_EVENTS = 500;

export const ingestEvents = mutation({
  name: "event.ingest",
  summary: "Send CloudEvents 1.0: CDEvents, or Waymark's own types. Kept under source and id, answered, then worked on; repeats change nothing.",
  input: z.strictObject({ items: z.array(CloudEvent).min(1, "Send at least one event.").max(MAX_EVENTS, `Send at most ${MAX_EVENTS} events at once.`) }),
  subject: async (on, { items }, ctx) => {
    for (const [index, event] of items.entries()) checkData(event, `items.${index}`);
    const rows = [];
    for (const event of items) {
      const hints = servicesIn(event);
      if (hints.length === 0) rows.push({});
      for (const hint of hints) rows.push({ service: await serviceMeant(on, hint) });
    }
    return teamsOfRows(on, rows, ctx);
  },
  run: async (tx, { items }, ctx, { teams }) => {
    requireTeams(ctx, "event.ingest", teams);
    const sentBy = ctx.actor.type === "user" ? ctx.actor.id : null;
    let repeated = 0;
    for (const event of items) {
      const kept = { type: CLOUD_EVENTS, key: `${event.source} ${event.id}`, event: event.type, sourceId: null, sentBy, about: artifactOf(event), body: JSON.stringify(event) };
      if ((await keepDelivery(tx, kept, ctx.now)).repeated) repeated += 1;
    }
    return { accepted: items.length, repeated };
  },
  audit: ({ items }, { accepted, repeated }) => {
    const [first] = items;
    return accepted > repeated ? { target: { type: "event", id: first?.id ?? "", label: first?.type ?? "" }, detail: { rows: accepted } } : null;
  },
});
