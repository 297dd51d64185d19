import { route } from "@/lib/core/http/route";
import { editStepAction } from "@/lib/golden-paths/mutations";
import { getDeclaredAction } from "@/lib/golden-paths/queries";

export const GET = route(getDeclaredAction);
export const PUT = route(editStepAction);
