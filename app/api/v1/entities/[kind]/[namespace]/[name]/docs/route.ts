import { getDoc } from "@/lib/catalog/queries";
import { route } from "@/lib/core/http/route";

export const GET = route(getDoc);
