import { route } from "@/lib/core/http/route";
import { getOpenSurvey } from "@/lib/surveys/queries";

export const GET = route(getOpenSurvey);
