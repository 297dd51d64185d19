import { httpHandler } from "@/lib/core/http/route";
import { cancelRun } from "@/lib/runs/mutations";

export const POST = httpHandler(async (_request, ctx, { id = "" }) => {
  await cancelRun(ctx, { id });
  return Response.json({ status: "cancelled" });
});
