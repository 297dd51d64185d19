import { route } from "@/lib/core/http/route";
import { readTraffic } from "@/lib/environments/queries";

export const GET = route(readTraffic);
