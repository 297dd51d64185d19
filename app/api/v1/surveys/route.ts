import { route } from "@/lib/core/http/route";
import { openSurvey } from "@/lib/surveys/mutations";
import { listSurveys } from "@/lib/surveys/queries";

export const GET = route(listSurveys);
export const POST = route(openSurvey, { status: 201 });
