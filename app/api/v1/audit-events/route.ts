import { listAuditEvents } from "@/lib/audit/queries";
import { route } from "@/lib/core/http/route";

export const GET = route(listAuditEvents);
