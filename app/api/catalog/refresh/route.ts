import { readLocationAgain } from "@/lib/catalog/mutations";
import { backstageLocationOf } from "@/lib/catalog/queries";
import { parseRef } from "@/lib/catalog/ref";
import { DomainError } from "@/lib/core/errors";
import { readJson } from "@/lib/core/http/body";
import { httpHandler } from "@/lib/core/http/route";

/** Reads the address again that an entity came from. */
export const POST = httpHandler(async (request, ctx) => {
  const { entityRef } = await readJson(request);
  const key = parseRef(String(entityRef));
  if (!key) throw new DomainError("invalid", "entityRef is no reference of an entity. Write it as component:default/name.");
  const { id } = await backstageLocationOf(ctx, key);
  await readLocationAgain(ctx, { id });
  return new Response(null, { status: 200 });
});
