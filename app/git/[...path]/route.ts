import { serveGit } from "@/lib/repositories/stream";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

const handle = async (request: Request, context: { params: Promise<{ path: string[] }> }) => serveGit(request, (await context.params).path.join("/"));

export { handle as GET, handle as POST };
