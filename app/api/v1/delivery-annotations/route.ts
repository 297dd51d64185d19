import { route } from "@/lib/core/http/route";
import { addAnnotation } from "@/lib/metrics/mutations";
import { listAnnotations } from "@/lib/metrics/queries";

export const GET = route(listAnnotations);
export const POST = route(addAnnotation, { status: 201 });
