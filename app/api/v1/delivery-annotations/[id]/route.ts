import { route } from "@/lib/core/http/route";
import { removeAnnotation } from "@/lib/metrics/mutations";

export const DELETE = route(removeAnnotation);
