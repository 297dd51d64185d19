import { route } from "@/lib/core/http/route";
import { oneTapResults } from "@/lib/surveys/queries";

export const GET = route(oneTapResults);
