import { receiveOtlp } from "@/lib/telemetry/stream";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

export const POST = async (request: Request, context: { params: Promise<{ signal: string }> }) => receiveOtlp(request, (await context.params).signal);
