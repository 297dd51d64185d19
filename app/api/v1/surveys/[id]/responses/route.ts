import { route } from "@/lib/core/http/route";
import { answerSurvey } from "@/lib/surveys/mutations";
import { getParticipation } from "@/lib/surveys/queries";

export const GET = route(getParticipation);
// A remembered request is a hash of the answers beside the person's id, and there are few enough answers to try them all.
export const POST = route(answerSurvey, { status: 201, keyField: "attempt" });
