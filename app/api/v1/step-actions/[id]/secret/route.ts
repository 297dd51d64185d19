import { route } from "@/lib/core/http/route";
import { replaceStepActionSecret } from "@/lib/golden-paths/mutations";

export const POST = route(replaceStepActionSecret);
