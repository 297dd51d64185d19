import { backstageLocations } from "@/lib/catalog/queries";
import { route } from "@/lib/core/http/route";

export const POST = route(backstageLocations);
