import { route } from "@/lib/core/http/route";
import { deleteScorecard, editScorecard } from "@/lib/scorecards/mutations";
import { getScorecard } from "@/lib/scorecards/queries";

export const GET = route(getScorecard);
export const PUT = route(editScorecard);
export const DELETE = route(deleteScorecard);
