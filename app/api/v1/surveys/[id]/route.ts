import { route } from "@/lib/core/http/route";
import { getSurvey } from "@/lib/surveys/queries";

export const GET = route(getSurvey);
