import { addLocation } from "@/lib/catalog/mutations";
import { backstageLocations } from "@/lib/catalog/queries";
import { DomainError } from "@/lib/core/errors";
import { readJson } from "@/lib/core/http/body";
import { httpHandler } from "@/lib/core/http/route";

type Input = Parameters<typeof addLocation>[1];

export const GET = httpHandler(async (_request, ctx) => Response.json((await backstageLocations(ctx, {})).items.map((data) => ({ data }))));

/** What is read appears a moment later, as in Backstage: the answer holds no entities. */
export const POST = httpHandler(async (request, ctx) => {
  const query = new URL(request.url).searchParams;
  const { target, type } = await readJson(request);
  const dryRun = query.get("dryRun") === "true";
  const known = (await backstageLocations(ctx, { query: { target: String(target) } })).items[0];
  if (known && !dryRun && query.get("onConflict") !== "refresh") {
    throw new DomainError("conflict", `${known.target} is read already. Send onConflict=refresh to read it again.`);
  }
  const { location } = await addLocation(ctx, { target, type, dryRun } as Input);
  const shown = location ? { id: location.id, type: location.type, target: location.target } : { id: known?.id ?? "dry-run", type: "url", target: String(target) };
  return Response.json({ location: shown, entities: [], exists: known !== undefined }, { status: 201 });
});
