import { z } from "zod";
import { query } from "@/lib/core/operation";
import { type GoldenPathDefinition, stepId } from "../definition";
import { uploadedFiles } from "../draft-changes";
import { dryRunFiles } from "../dry-run";

const Content = z.looseObject({ path: z.string().max(1_000), base64Content: z.string() });

export const dryRunTask = query({
  name: "golden-path.read",
  summary: "Run the files of a template into a folder that is thrown away, as a client of Backstage asks for it.",
  input: z.looseObject({
    template: z.record(z.string(), z.unknown()),
    values: z.record(z.string(), z.unknown()).default({}),
    directoryContents: z.array(Content).max(2_000).default([]),
  }),
  subject: () => null,
  run: async (_on, { template, values, directoryContents }, ctx) => {
    const sent = directoryContents
      .filter(({ path }) => path !== "template.yaml")
      .map(({ path, base64Content }) => ({ path, content: base64Content, encoding: "base64" as const, isExecutable: false }));
    const text = { path: "template.yaml", content: JSON.stringify(template), encoding: "utf8" as const, isExecutable: false };
    const { files, log, output } = await dryRunFiles(uploadedFiles([text, ...sent]), values, ctx);
    const { steps } = (template as unknown as GoldenPathDefinition).spec;
    return {
      log: log.map(({ text: message }) => ({ body: { message } })),
      directoryContents: files.map((file) => ({ path: file.path, executable: file.isExecutable, base64Content: Buffer.from(file.text ?? "").toString("base64") })),
      output,
      steps: steps.map((step, index) => ({ id: stepId(step, index), name: step.name ?? stepId(step, index), action: step.action })),
    };
  },
});
