import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filesAt, filesOf } from "@/lib/cli/catalog-files";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "wm-cli-catalog-"));
  for (const name of ["a/catalog-info.yaml", "b/node_modules/x/catalog-info.yaml", "b/other.yaml", "plain/org.yml", "bad/catalog-info.yaml"]) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), name.startsWith("bad") ? Buffer.from([0xff, 0xfe, 0x00]) : `# ${name}\n`);
  }
  await symlink("/etc", path.join(folder, "a/link"));
  await writeFile(path.join(folder, "big.yaml"), "x".repeat(1_100_000));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a folder means its descriptors, without dependencies and links; without any, every YAML file", async () => {
  expect((await filesAt(path.join(folder, "a"))).map(({ name }) => name)).toEqual(["catalog-info.yaml"]);
  expect((await filesAt(path.join(folder, "b"))).map(({ name }) => name)).toEqual(["other.yaml"]);
  expect(await filesAt(path.join(folder, "plain/org.yml"))).toEqual([{ name: "org.yml", text: "# plain/org.yml\n" }]);
});

test.each([
  ["nowhere", "There is no file or folder"],
  ["bad/catalog-info.yaml", "is not UTF-8"],
  ["big.yaml", "larger than 1 MB"],
])("%s is refused before anything is sent", async (name, words) => {
  await expect(filesAt(path.join(folder, name))).rejects.toMatchObject({ code: 2, message: expect.stringContaining(words) });
});

test("in a folder an unreadable file is told, and does not keep its neighbours out", async () => {
  const mixed = path.join(folder, "mixed");
  await mkdir(mixed);
  await writeFile(path.join(mixed, "good.yaml"), "# good\n");
  await writeFile(path.join(mixed, "latin.yaml"), Buffer.from([0x23, 0xe4, 0x0a]));
  await writeFile(path.join(mixed, "large.yaml"), "x".repeat(1_100_000));
  const files = await filesAt(mixed);
  expect(files.map(({ name, problem }) => [name, problem?.message ?? null])).toEqual([
    ["good.yaml", null],
    ["large.yaml", "large.yaml is larger than 1 MB."],
    ["latin.yaml", "latin.yaml is not UTF-8."],
  ]);
});

test("files of several paths keep their folders, so that two of one name stay apart", async () => {
  const [a, plain] = [path.join(folder, "a"), path.join(folder, "plain/org.yml")];
  expect((await filesOf([`${a}/`, plain])).map(({ name }) => name)).toEqual([path.join(a, "catalog-info.yaml"), plain]);
  expect((await filesOf([a])).map(({ name }) => name)).toEqual(["catalog-info.yaml"]);
});
