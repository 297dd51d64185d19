import { EXIT, Exit } from "./exit";
import { self } from "./terminal";

interface Problem {
  status: number;
  code: string;
  detail: string;
  errors: { path: string; message: string }[];
}

/** An answer of the portal that says no; `code` is the command's exit code. */
export class Refused extends Exit {
  constructor(
    readonly problem: Problem,
    names: Record<string, string> = {},
  ) {
    super(exitCodeOf(problem.status), describe(problem, names));
    this.name = "Refused";
  }

  /** The same for a command where fields were given otherwise than by their usual option. */
  speakingOf(names: Record<string, string>): Refused {
    return new Refused(this.problem, names);
  }
}

function exitCodeOf(status: number): number {
  if (status === 401) return EXIT.notSignedIn;
  if (status === 403 || status === 409 || status === 429) return EXIT.refused;
  if (status === 400 || status === 413 || status === 415 || status === 422) return EXIT.usage;
  return status === 502 || status === 503 || status === 504 ? EXIT.unreachable : EXIT.failed;
}

const OPTION_OF: Record<string, string> = {
  goldenPath: "--template",
  version: "--path-version",
  ttl: "--ttl",
  name: "--name",
  team: "--team",
  values: "--set",
  scope: "--scope",
  confirm: "--confirm",
  note: "--note",
  status: "--status",
};

function fieldLine({ path, message }: { path: string; message: string }, names: Record<string, string>): string {
  const option = path.startsWith("values.") ? `--set ${path.slice("values.".length)}` : (names[path] ?? OPTION_OF[path] ?? path);
  return option ? `${option}: ${message}` : message;
}

function describe({ detail, errors, status }: Problem, names: Record<string, string>): string {
  const lines = errors.length ? errors.map((error) => fieldLine(error, names)) : [detail];
  if (status === 401) lines.push(`Run \`${self()} login\`, or set WAYMARK_TOKEN.`);
  return lines.join("\n");
}

const isField = (one: unknown): one is { path: string; message: string } =>
  typeof one === "object" && one !== null && "path" in one && typeof one.path === "string" && "message" in one && typeof one.message === "string";

/** An error answer as a problem, or null if it is not RFC 9457 problem+json and so not from a portal. */
export function readProblem(status: number, contentType: string, text: string): Problem | null {
  if (!contentType.includes("json")) return null;
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== "object" || body === null) return null;
    const { code, detail, errors } = body as { code?: unknown; detail?: unknown; errors?: unknown };
    return {
      status,
      code: typeof code === "string" ? code : "unknown",
      detail: typeof detail === "string" ? detail : `The portal answered ${status}.`,
      errors: Array.isArray(errors) ? errors.filter(isField) : [],
    };
  } catch {
    return null;
  }
}
