import { route } from "@/lib/core/http/route";
import { tagAnswer } from "@/lib/surveys/mutations";

export const PUT = route(tagAnswer);
