import { httpHandler } from "@/lib/core/http/route";
import { readDocImage } from "@/lib/repositories/queries";

export const GET = httpHandler(async (request, ctx, { kind = "", namespace = "", name = "" }) => {
  const path = new URL(request.url).searchParams.get("path") ?? "";
  const { type, bytes } = await readDocImage(ctx, { kind, namespace, name, path });
  return new Response(bytes, {
    headers: {
      "content-type": type,
      "cache-control": "private, max-age=300",
      "x-content-type-options": "nosniff",
      // An SVG that is opened by itself is a page: it runs nothing and reaches nobody.
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
    },
  });
});
