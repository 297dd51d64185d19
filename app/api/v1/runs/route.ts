import { route } from "@/lib/core/http/route";
import { listRuns } from "@/lib/runs/queries";

export const GET = route(listRuns);
