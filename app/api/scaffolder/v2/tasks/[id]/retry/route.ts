import { httpHandler } from "@/lib/core/http/route";
import { retryRun } from "@/lib/runs/mutations";

export const POST = httpHandler(async (_request, ctx, { id = "" }) => {
  await retryRun(ctx, { id });
  return Response.json({ id }, { status: 201 });
});
