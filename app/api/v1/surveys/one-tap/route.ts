import { route } from "@/lib/core/http/route";
import { answerOneTap } from "@/lib/surveys/mutations";
import { oneTap } from "@/lib/surveys/queries";

export const GET = route(oneTap);
// As with answers to a survey, no hash of the request is kept.
export const POST = route(answerOneTap, { keyField: "attempt" });
