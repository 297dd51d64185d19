import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMasker, lineJoiner } from "./mask";

const secret = fc.string({ minLength: 12, maxLength: 40, unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789+/=&?-_"\\') });
const around = fc.string({ maxLength: 20 });

describe("the masker", () => {
  it("hides a secret raw, URL-encoded, JSON-escaped and in base64 at every alignment", () => {
    fc.assert(
      fc.property(secret, around, around, (value, before, after) => {
        const masker = createMasker();
        masker.add(value);
        expect(masker.apply(before + value + after)).not.toContain(value);
        const encoded = encodeURIComponent(value);
        expect(masker.apply(before + encoded + after)).not.toContain(encoded);
        const escaped = JSON.stringify(value).slice(1, -1);
        expect(masker.apply(before + escaped + after)).not.toContain(escaped);
        for (const shift of ["", "x", "xy"]) {
          const shown = masker.apply(Buffer.from(`${shift}${value}zz`).toString("base64"));
          expect(Buffer.from(shown, "base64").toString("latin1")).not.toContain(value);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("leaves text without the secret alone and counts what it hid", () => {
    const masker = createMasker();
    masker.add("correct-horse-battery");
    expect(masker.apply("nothing here")).toBe("nothing here");
    expect(masker.count()).toBe(0);
    masker.apply("a correct-horse-battery b correct-horse-battery");
    expect(masker.count()).toBe(2);
  });

  it("finds a secret that a chunk border cuts in two", () => {
    fc.assert(
      fc.property(secret, fc.nat(60), (value, cut) => {
        const masker = createMasker();
        masker.add(value);
        const lines: string[] = [];
        const joiner = lineJoiner((line) => lines.push(masker.apply(line)));
        const text = `token=${value} end\n`;
        joiner.write(text.slice(0, cut));
        joiner.write(text.slice(cut));
        joiner.end();
        expect(lines.join("\n")).not.toContain(value);
      }),
    );
  });
});
