import { route } from "@/lib/core/http/route";
import { editSettings } from "@/lib/platform/mutations";
import { getSettings } from "@/lib/platform/queries";

export const GET = route(getSettings);
export const PUT = route(editSettings);
