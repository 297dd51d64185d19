import { backstageValidation } from "@/lib/catalog/queries";
import { readJson } from "@/lib/core/http/body";
import { httpHandler } from "@/lib/core/http/route";

type Input = Parameters<typeof backstageValidation>[1];

export const POST = httpHandler(async (request, ctx) => {
  const errors = await backstageValidation(ctx, (await readJson(request)) as Input);
  return errors.length ? Response.json({ errors }, { status: 400 }) : new Response(null, { status: 200 });
});
