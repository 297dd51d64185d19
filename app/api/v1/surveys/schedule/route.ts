import { route } from "@/lib/core/http/route";
import { scheduleSurveys } from "@/lib/surveys/mutations";
import { surveySchedule } from "@/lib/surveys/queries";

export const GET = route(surveySchedule);
export const PUT = route(scheduleSurveys);
