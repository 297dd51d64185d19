import type { z } from "zod";
import type { AuditExportInput } from "@/lib/audit/contract";
import { exportAuditEvents } from "@/lib/audit/queries";
import { httpHandler } from "@/lib/core/http/route";

const TYPES = { csv: "text/csv; charset=utf-8", json: "application/json" };

export const GET = httpHandler(async (request, ctx) => {
  const input = Object.fromEntries(new URL(request.url).searchParams) as z.input<typeof AuditExportInput>;
  const body = await exportAuditEvents(ctx, input);
  const format = input.format ?? "csv";
  const day = ctx.now.toISOString().slice(0, 10);
  return new Response(body, { headers: { "content-type": TYPES[format], "content-disposition": `attachment; filename="waymark-audit-${day}.${format}"` } });
});
