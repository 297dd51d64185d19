import { route } from "@/lib/core/http/route";
import { createEnvironment } from "@/lib/environments/mutations";
import { listEnvironments } from "@/lib/environments/queries";

export const GET = route(listEnvironments);
export const POST = route(createEnvironment, { status: 202 });
