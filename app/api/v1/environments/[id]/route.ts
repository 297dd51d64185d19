import { route } from "@/lib/core/http/route";
import { deleteEnvironment, extendEnvironment } from "@/lib/environments/mutations";
import { getEnvironment } from "@/lib/environments/queries";

export const GET = route(getEnvironment);
export const PATCH = route(extendEnvironment);
export const DELETE = route(deleteEnvironment, { status: 202 });
