import { route } from "@/lib/core/http/route";
import { readRunLog } from "@/lib/runs/queries";

export const GET = route(readRunLog);
