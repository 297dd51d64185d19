import { route } from "@/lib/core/http/route";
import { searchEverything } from "@/lib/search/queries";

export const GET = route(searchEverything);
