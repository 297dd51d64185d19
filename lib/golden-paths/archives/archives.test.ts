import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { isDomainError } from "@/lib/core/errors";
import type { TemplateFiles } from "../archive";
import { readPathFolder } from "../engine/template-folder";
import { readArchive } from "./read-archive";
import { readTarGz, writeTarGz } from "./tar";
import { readZip, writeZip } from "./zip";

const dir = mkdtempSync(path.join(tmpdir(), "waymark-archives-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

// Made by Python's zipfile.
const ZIP_OF_ANOTHER_PROGRAM =
  "UEsDBBQAAAAIAAAAIVywOVZrFgAAACwBAAASAAAAdGlueS90ZW1wbGF0ZS55YW1sy87MS7FSCEnNLchJLEnlyh7l4uYCAFBLAwQUAAAAAAAAACFcHZ37BAoAAAAKAAAACwAAAHRpbnkvcnVuLnNoIyEvYmluL3NoClBLAQIUAxQAAAAIAAAAIVywOVZrFgAAACwBAAASAAAAAAAAAAAAAACkgQAAAAB0aW55L3RlbXBsYXRlLnlhbWxQSwECFAMUAAAAAAAAACFcHZ37BAoAAAAKAAAACwAAAAAAAAAAAAAA7YFGAAAAdGlueS9ydW4uc2hQSwUGAAAAAAIAAgB5AAAAeQAAAAAA";
const ZIP_WITH_LINK =
  "UEsDBBQAAAAAAAAAIVwKuR8pCwAAAAsAAAAEAAAAbGluay9ldGMvcGFzc3dkUEsBAhQDFAAAAAAAAAAhXAq5HykLAAAACwAAAAQAAAAAAAAAAAAAAP+hAAAAAGxpbmtQSwUGAAAAAAEAAQAyAAAALQAAAAAA";

const file = (content: string | Buffer, mode = 0o644) => ({ content: Buffer.from(content), mode });

async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "accepted",
    (error: unknown) => (isDomainError(error) && error.code === "invalid" ? error.message : `unexpected: ${String(error)}`),
  );
}

const name = fc.stringMatching(/^[a-z0-9${} .-]{1,40}$/).filter((text) => !/^[. ]+$|^\.git|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/.test(text.trim()) && text.trim() === text);
const tree = fc.dictionary(
  fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/")),
  fc.uint8Array({ maxLength: 2_000 }),
  { minKeys: 1, maxKeys: 8 },
);

describe("archives", () => {
  it("come back as they were written", async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (contents) => {
        const files: TemplateFiles = new Map(Object.entries(contents).map(([key, bytes], index) => [key, file(Buffer.from(bytes), index % 2 ? 0o755 : 0o644)]));
        const inFolder = new Map([...files].map(([key, value]) => [`x/${key}`, value]));
        expect(await readZip(writeZip(files, "x"))).toEqual(new Map([...inFolder].sort(([a], [b]) => (a < b ? -1 : 1))));
        expect(await readTarGz(writeTarGz(files, "x"))).toEqual(new Map([...inFolder].sort(([a], [b]) => (a < b ? -1 : 1))));
      }),
      { numRuns: 50 },
    );
  });

  it("are what tar understands, and the other way round", async () => {
    const files = await readPathFolder("golden-paths/node-express");
    files.set(`skeleton/${"long-folder/".repeat(12)}file.txt`, file("long"));
    writeFileSync(path.join(dir, "a.tar.gz"), writeTarGz(files, "node-express"));
    execFileSync("tar", ["-xzf", "a.tar.gz"], { cwd: dir });
    expect(await readPathFolder(path.join(dir, "node-express"))).toEqual(new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))));
    execFileSync("tar", ["-czf", "b.tar.gz", "node-express"], { cwd: dir });
    expect((await readArchive(await bytesOf("b.tar.gz"))).size).toBe(files.size);
    const unzipped = await readArchive(Buffer.from(ZIP_OF_ANOTHER_PROGRAM, "base64"));
    expect([...unzipped].map(([key, { content, mode }]) => [key, content.length, mode])).toEqual([
      ["template.yaml", 300, 0o644],
      ["run.sh", 10, 0o755],
    ]);
  });

  it.each(["../escape", "a/../../b", ".git/hooks/x", "a\\b", "c:/x", "nul"])("refuse the name %s", async (bad) => {
    const files: TemplateFiles = new Map([[bad, file("x")]]);
    expect(await refusal(readZip(writeZip(files, "x")))).toContain("is not allowed");
    expect(await refusal(readTarGz(writeTarGz(files, "x")))).toContain("is not allowed");
  });

  it("refuse absolute names", async () => {
    const files: TemplateFiles = new Map([["etc/passwd", file("x")]]);
    expect(await refusal(readZip(writeZip(files, "")))).toContain("it is absolute");
    expect(await refusal(readTarGz(writeTarGz(files, "")))).toContain("it is absolute");
  });

  it("refuse links and devices", async () => {
    symlinkSync("/proc/self/environ", path.join(dir, "link"));
    execFileSync("tar", ["-czf", "link.tar.gz", "link"], { cwd: dir });
    expect(await refusal(readArchive(await bytesOf("link.tar.gz")))).toContain("is a link or a device");
    expect(await refusal(readArchive(Buffer.from(ZIP_WITH_LINK, "base64")))).toContain("is a link or a device");
  });

  it("refuse bombs before they are unpacked, and 100,000 entries", async () => {
    const zeros = Buffer.alloc(120 * 1024 * 1024);
    const before = process.memoryUsage().rss;
    expect(await refusal(readArchive(gzipSync(zeros)))).toContain("more than 50 MB");
    const bomb = writeZip(new Map([["a", file("")]]), "x");
    const packed = deflateRawSync(zeros);
    expect(await refusal(readZip(withContent(bomb, packed)))).toContain("more than 50 MB");
    const many: TemplateFiles = new Map(Array.from({ length: 6_000 }, (_, index) => [`${index}`, file("")]));
    expect(await refusal(readZip(writeZip(many, "x")))).toMatch(/more than (2|5),000/);
    expect(await refusal(readTarGz(writeTarGz(many, "x")))).toMatch(/more than (2|5),000/);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  });

  it("never fail in another way, however they are damaged", async () => {
    const whole = [writeZip(new Map([["template.yaml", file("kind: Template")]]), "x"), writeTarGz(new Map([["template.yaml", file("kind: Template")]]), "x")];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...whole), fc.nat(400), fc.nat(255), fc.nat(400), async (archive, at, byte, cut) => {
        const damaged = Buffer.from(archive);
        damaged[at % damaged.length] = byte;
        expect(await refusal(readArchive(damaged.subarray(0, damaged.length - (cut % damaged.length))))).not.toContain("unexpected");
      }),
      { numRuns: 400 },
    );
  });

  it("take the folder of the outermost template as the path", async () => {
    const files: TemplateFiles = new Map([
      ["repo-main/paths/README.md", file("outside")],
      ["repo-main/paths/web/Template.yaml", file("kind: Template")],
      ["repo-main/paths/web/skeleton/template.yaml", file("kind: ${{")],
    ]);
    expect([...(await readArchive(writeZip(files, "x"))).keys()]).toEqual(["template.yaml", "skeleton/template.yaml"]);
    expect(await refusal(readArchive(writeZip(new Map([["a", file("")]]), "x")))).toContain("no template.yaml");
    expect(
      await refusal(
        readArchive(
          writeZip(
            new Map([
              ["a/template.yaml", file("")],
              ["b/template.yaml", file("")],
            ]),
            "x",
          ),
        ),
      ),
    ).toContain("several templates");
    expect(await refusal(readArchive(Buffer.from("not an archive")))).toContain("neither");
  });
});

async function bytesOf(name: string): Promise<Buffer> {
  const { readFile } = await import("node:fs/promises");
  return readFile(path.join(dir, name));
}

/** The archive of one empty file, with another packed content in its place. */
function withContent(archive: Buffer, packed: Buffer): Buffer {
  const nameLength = archive.readUInt16LE(26);
  const oldLength = archive.readUInt32LE(18);
  const [head, tail] = [Buffer.from(archive.subarray(0, 30 + nameLength)), Buffer.from(archive.subarray(30 + nameLength + oldLength))];
  tail.writeUInt32LE(packed.length, 20);
  const end = tail.length - 22;
  tail.writeUInt32LE(30 + nameLength + packed.length, end + 16);
  return Buffer.concat([head, packed, tail]);
}
