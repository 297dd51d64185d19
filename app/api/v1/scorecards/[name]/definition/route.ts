import { route } from "@/lib/core/http/route";
import { getScorecardForEdit } from "@/lib/scorecards/queries";

export const GET = route(getScorecardForEdit);
