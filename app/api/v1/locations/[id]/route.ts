import { changeLocation, removeLocation } from "@/lib/catalog/mutations";
import { route } from "@/lib/core/http/route";

export const PUT = route(changeLocation);
export const DELETE = route(removeLocation);
