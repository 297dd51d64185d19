import { removeLocation } from "@/lib/catalog/mutations";
import { route } from "@/lib/core/http/route";

export const DELETE = route(removeLocation);
