import { route } from "@/lib/core/http/route";
import { getRun } from "@/lib/runs/queries";

export const GET = route(getRun);
