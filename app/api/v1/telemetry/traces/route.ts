import { route } from "@/lib/core/http/route";
import { listTraces } from "@/lib/telemetry/queries";

export const GET = route(listTraces);
