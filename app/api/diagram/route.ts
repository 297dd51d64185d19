import { FRAME_PAGE, FRAME_POLICY } from "@/lib/core/diagram-frame";
import { openHandler } from "@/lib/core/http/route";

export const GET = openHandler(
  async () =>
    new Response(FRAME_PAGE, { headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": FRAME_POLICY, "cache-control": "public, max-age=3600" } }),
);
