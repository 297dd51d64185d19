import { addLocation } from "@/lib/catalog/mutations";
import { listLocations } from "@/lib/catalog/queries";
import { route } from "@/lib/core/http/route";

export const GET = route(listLocations);
export const POST = route(addLocation, { status: 202 });
