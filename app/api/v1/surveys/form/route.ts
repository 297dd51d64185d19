import { route } from "@/lib/core/http/route";
import { saveSurveyForm } from "@/lib/surveys/mutations";
import { surveyForm } from "@/lib/surveys/queries";

export const GET = route(surveyForm);
export const PUT = route(saveSurveyForm);
