import { describe, expect, it } from "vitest";
import { BOX_KEY, openBox } from "@/tests/github/sealed-box";
import { sealFor } from "./sealed-box";

// Sealed with libsodium 0.7.15 for the same key: what opens it opens libsodium's boxes, so what it opens of ours libsodium opens too.
const OF_LIBSODIUM = "bZKrmG4v+F8rGwdhBL1E381NbWoWoiqx4X/vxSO2VVlhiCGoHLQtfwg7FKGG2Dmz2ae/MbZtEI8FGDo7xqDqjpSj47zHcRI=";

describe("a sealed box", () => {
  it("is one of libsodium's", () => {
    expect(openBox(OF_LIBSODIUM)).toBe("a text of libsodium’s");
  });

  it.each(["", "s3cret", "grüße 🌲", "x".repeat(48_000)])("opens to the text that went in", (text) => {
    expect(openBox(sealFor(BOX_KEY.publicKey, text))).toBe(text);
  });

  it("is another one each time, and a changed one does not open", () => {
    const [first, second] = [sealFor(BOX_KEY.publicKey, "same"), sealFor(BOX_KEY.publicKey, "same")];
    expect(first).not.toBe(second);
    const bytes = Buffer.from(first, "base64");
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(openBox(bytes.toString("base64"))).toBeNull();
    expect(() => sealFor("c2hvcnQ=", "text")).toThrow();
  });
});
