import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { runSubject } from "@/lib/runs/queries";
import { ZIP_DATA } from "./engine/steps/publish-zip";
import { readOutput } from "./run-secrets";

export const readRunArchive = query({
  name: "run.read",
  summary: "The archive that a run's step publish:zip made, where the golden path offers it.",
  input: z.strictObject({ id: z.string().max(64) }),
  subject: (on, { id }) => runSubject(on, id),
  run: async (on, { id }) => {
    const data = archiveIn(await readOutput(on, id));
    if (!data) throw new DomainError("not_found", "This run offers no archive.");
    return { fileName: `${id}.zip`, content: Buffer.from(data.slice(ZIP_DATA.length), "base64") };
  },
});

function archiveIn(output: Record<string, unknown> | null): string | null {
  const links = Array.isArray(output?.["links"]) ? (output["links"] as { url?: unknown }[]) : [];
  const urls = links.map((link) => link?.url).filter((url) => typeof url === "string");
  return urls.find((url) => url.startsWith(ZIP_DATA)) ?? null;
}
