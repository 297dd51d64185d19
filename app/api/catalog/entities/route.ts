import { Readable } from "node:stream";
import type { ReadableStream as NodeStream } from "node:stream/web";
import { backstagePage } from "@/lib/catalog/queries";
import { pageAddress } from "@/lib/core/http/backstage-address";
import { httpHandler } from "@/lib/core/http/route";

const PER_PART = 500;

/** The old list: an array. Without a limit it is the whole catalog, so it is sent as it is read. */
export const GET = httpHandler(async (request, ctx) => {
  const wanted = { ...pageAddress(request.url), totalItems: "exclude" as const };
  const isWhole = !("limit" in wanted);
  const first = await backstagePage(ctx, isWhole ? { ...wanted, limit: PER_PART } : wanted);
  if (!isWhole) return Response.json(first.items, { headers: nextLink(request.url, first.pageInfo.nextCursor) });
  async function* parts() {
    const text = (items: unknown[]) => items.map((item) => JSON.stringify(item)).join(",");
    yield `[${text(first.items)}`;
    let cursor = first.pageInfo.nextCursor;
    while (cursor) {
      const next = await backstagePage(ctx, { cursor, fields: wanted.fields, limit: PER_PART });
      yield `,${text(next.items)}`;
      cursor = next.pageInfo.nextCursor;
    }
    yield "]";
  }
  const body: NodeStream = Readable.toWeb(Readable.from(parts(), { objectMode: false }));
  return new Response(body as ReadableStream, { headers: { "content-type": "application/json" } });
});

function nextLink(url: string, cursor: string | undefined): HeadersInit {
  if (!cursor) return {};
  const next = new URL(url);
  next.searchParams.delete("offset");
  next.searchParams.set("after", cursor);
  return { link: `<${next.pathname}${next.search}>; rel="next"` };
}
