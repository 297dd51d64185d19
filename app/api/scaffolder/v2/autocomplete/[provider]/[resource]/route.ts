import { httpHandler } from "@/lib/core/http/route";
import { requirePerson } from "@/lib/core/operation";

/** Nothing is offered: Waymark does not act with a person's own token at a code host. */
export const POST = httpHandler(async (_request, ctx) => {
  requirePerson(ctx);
  return Response.json({ results: [] });
});
