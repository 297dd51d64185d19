import { route } from "@/lib/core/http/route";
import { itemHistory } from "@/lib/surveys/queries";

export const GET = route(itemHistory);
