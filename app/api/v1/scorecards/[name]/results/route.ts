import { route } from "@/lib/core/http/route";
import { listResults } from "@/lib/scorecards/queries";

export const GET = route(listResults);
