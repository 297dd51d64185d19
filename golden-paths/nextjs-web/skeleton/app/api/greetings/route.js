import { greetingFor } from "../../../lib/greeting.js";
import { keepGreeting } from "../../../lib/greetings.js";

const MAX_BYTES = 16 * 1024;
const problem = (status, detail) => Response.json({ status, detail }, { status, headers: { "content-type": "application/problem+json" } });

export async function POST(request) {
  if (request.headers.get("sec-fetch-site") === "cross-site") return problem(403, "Requests from other sites cannot change anything here.");
  if (Number(request.headers.get("content-length") ?? MAX_BYTES + 1) > MAX_BYTES) return problem(413, "The body is too large. Send at most 16 kB.");
  const body = await request.json().catch(() => null);
  const greeting = greetingFor(body?.name);
  if (greeting.problem) return problem(422, greeting.problem);
  return Response.json(await keepGreeting(greeting.text), { status: 201 });
}
