import { route } from "@/lib/core/http/route";
import { closeSurvey } from "@/lib/surveys/mutations";

export const POST = route(closeSurvey);
