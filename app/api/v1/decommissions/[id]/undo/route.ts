import { route } from "@/lib/core/http/route";
import { undoDecommission } from "@/lib/decommission/mutations";

export const POST = route(undoDecommission);
