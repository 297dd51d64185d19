import { route } from "@/lib/core/http/route";
import { removeChange } from "@/lib/surveys/mutations";

export const DELETE = route(removeChange);
