import { serveScim } from "@/lib/identity/mutations";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

const serve = async (request: Request, context: { params: Promise<{ path: string[] }> }) => serveScim(request, (await context.params).path);

export { serve as DELETE, serve as GET, serve as PATCH, serve as POST, serve as PUT };
