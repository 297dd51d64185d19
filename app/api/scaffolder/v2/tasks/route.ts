import { readJson } from "@/lib/core/http/body";
import { httpHandler, route } from "@/lib/core/http/route";
import { requirePerson } from "@/lib/core/operation";
import { startTask } from "@/lib/golden-paths/mutations";
import { listTasks } from "@/lib/golden-paths/queries";

export const GET = route(listTasks);
export const POST = httpHandler(async (request, ctx) => {
  requirePerson(ctx);
  return Response.json(await startTask(ctx, await readJson(request)), { status: 201 });
});
