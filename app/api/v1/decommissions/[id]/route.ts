import { route } from "@/lib/core/http/route";
import { getDecommission } from "@/lib/decommission/queries";

export const GET = route(getDecommission);
