import { route } from "@/lib/core/http/route";
import { setSurveyPreferences } from "@/lib/surveys/mutations";
import { surveyPreferences } from "@/lib/surveys/queries";

export const GET = route(surveyPreferences);
export const PUT = route(setSurveyPreferences);
