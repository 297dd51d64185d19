import { readLocationAgain } from "@/lib/catalog/mutations";
import { backstageLocationOfRef } from "@/lib/catalog/queries";
import { readJson } from "@/lib/core/http/body";
import { httpHandler } from "@/lib/core/http/route";

type Input = Parameters<typeof backstageLocationOfRef>[1];

/** Reads the address again that an entity came from. */
export const POST = httpHandler(async (request, ctx) => {
  const { entityRef } = await readJson(request);
  const { id } = await backstageLocationOfRef(ctx, { entityRef } as Input);
  await readLocationAgain(ctx, { id });
  return new Response(null, { status: 200 });
});
