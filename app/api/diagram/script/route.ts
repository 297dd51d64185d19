import { frameScript } from "@/lib/core/diagram-frame";
import { openHandler } from "@/lib/core/http/route";

export const GET = openHandler(
  async () => new Response(await frameScript(), { headers: { "content-type": "text/javascript; charset=utf-8", "cache-control": "public, max-age=3600" } }),
);
