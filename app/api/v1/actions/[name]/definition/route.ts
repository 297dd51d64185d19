import { restoreAction } from "@/lib/actions/mutations";
import { getAction } from "@/lib/actions/queries";
import { route } from "@/lib/core/http/route";

export const GET = route(getAction);
export const POST = route(restoreAction);
