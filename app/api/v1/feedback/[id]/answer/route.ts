import { route } from "@/lib/core/http/route";
import { answerFeedback } from "@/lib/surveys/mutations";

export const PUT = route(answerFeedback);
