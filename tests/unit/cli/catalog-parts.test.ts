import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sendToCatalog } from "@/lib/cli/catalog-import";
import type { Client } from "@/lib/cli/client";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "wm-cli-parts-"));
  for (let index = 0; index < 9; index++) await writeFile(path.join(folder, `${index}.yaml`), `# ${index}\n${"x".repeat(300_000)}`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a folder of any size goes in parts, in its order, and what a later part brought is no finding", async () => {
  const sent: string[][] = [];
  const finding = (name: string, missingRef: string) => ({ file: name, line: 1, entityRef: `component:default/${name}`, rule: "target-unknown", message: "", fix: "", missingRef });
  const client: Client = {
    url: "http://portal.test",
    stream: () => Promise.reject(new Error("nothing is streamed")),
    call: async <T>(_method: string, _path: string, body?: unknown) => {
      const names = [...(body as FormData).values()].map((file) => (file as File).name);
      sent.push(names);
      const accepted = names.map((file) => ({ entityRef: `component:default/${file}`, file, line: 1, change: "created" }));
      const findings = names.includes("0.yaml") ? [finding("0.yaml", "component:default/8.yaml"), finding("0.yaml", "component:default/ghost")] : [];
      return { accepted, findings, refused: [] } as T;
    },
  };
  const result = await sendToCatalog(client, [folder], { isCheck: false, json: true, team: undefined });
  expect(sent).toEqual([
    ["0.yaml", "1.yaml", "2.yaml"],
    ["3.yaml", "4.yaml", "5.yaml"],
    ["6.yaml", "7.yaml", "8.yaml"],
  ]);
  expect([result.accepted.length, result.findings.map(({ missingRef }) => missingRef)]).toEqual([9, ["component:default/ghost"]]);
});

test("two parts are on their way at once, and where one fails the rest is not sent", async () => {
  let under = 0;
  let most = 0;
  let sent = 0;
  const client: Client = {
    url: "http://portal.test",
    stream: () => Promise.reject(new Error("nothing is streamed")),
    call: async <T>() => {
      sent += 1;
      most = Math.max(most, ++under);
      await new Promise((resolve) => setTimeout(resolve, 20));
      under -= 1;
      if (sent >= 2) throw new Error("refused");
      return { accepted: [], findings: [], refused: [] } as T;
    },
  };
  await expect(sendToCatalog(client, [folder], { isCheck: false, json: true, team: undefined })).rejects.toThrow("refused");
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect([most, sent]).toEqual([2, 2]);
});
