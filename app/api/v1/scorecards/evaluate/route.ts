import { route } from "@/lib/core/http/route";
import { previewScorecard } from "@/lib/scorecards/queries";

export const POST = route(previewScorecard);
