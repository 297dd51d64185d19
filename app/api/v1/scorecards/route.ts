import { route } from "@/lib/core/http/route";
import { createScorecard } from "@/lib/scorecards/mutations";
import { listScorecards } from "@/lib/scorecards/queries";

export const GET = route(listScorecards);
export const POST = route(createScorecard, { status: 201 });
