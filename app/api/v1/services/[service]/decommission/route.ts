import { route } from "@/lib/core/http/route";
import { decommissionService } from "@/lib/decommission/mutations";
import { planDecommission } from "@/lib/decommission/queries";

export const GET = route(planDecommission);
export const POST = route(decommissionService, { status: 202 });
