import { route } from "@/lib/core/http/route";
import { checkRunAction } from "@/lib/actions/queries";

export const POST = route(checkRunAction, { isRepeatable: true });
