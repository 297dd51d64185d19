import { checkRunAction } from "@/lib/actions/queries";
import { route } from "@/lib/core/http/route";

export const POST = route(checkRunAction, { isRepeatable: true });
