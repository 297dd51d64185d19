import { route } from "@/lib/core/http/route";
import { listEntityScorecards } from "@/lib/scorecards/queries";

export const GET = route(listEntityScorecards);
