// Secrets leave a process in more shapes than the one they came in: encoded in an address, in a header, in JSON.
// A value is masked raw, URL-encoded, JSON-escaped and as the part of a base64 text that is the same at each of the three alignments.

const MIN_SECRET_CHARS = 6;
const MASK = "••••••••";

function base64Cores(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    // The first characters mix with what stands before, the last with what comes after.
    const core = encoded.slice(shift === 0 ? 0 : shift + 1, (shift + bytes.length) % 3 === 0 ? undefined : -1);
    return core.length >= 8 ? [core, core.replaceAll("+", "-").replaceAll("/", "_")] : [];
  });
}

function variants(secret: string): string[] {
  const lines = secret.split("\n").filter((line) => line.length >= MIN_SECRET_CHARS);
  return [secret, ...lines].flatMap((text) => [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1), ...base64Cores(text)]);
}

export interface Masker {
  add(secret: string): void;
  /** The text without secrets. */
  apply(text: string): string;
  /** How many values were hidden so far. */
  count(): number;
}

/** Hides registered secrets in log lines. Values shorter than 6 characters are ignored: hiding them would eat ordinary words. */
export function createMasker(): Masker {
  let forms: string[] = [];
  let hidden = 0;
  return {
    add(secret) {
      if (secret.length < MIN_SECRET_CHARS) return;
      forms = [...new Set([...forms, ...variants(secret)])].sort((a, b) => b.length - a.length);
    },
    apply(text) {
      let result = text;
      for (const form of forms) {
        const parts = result.split(form);
        hidden += parts.length - 1;
        if (parts.length > 1) result = parts.join(MASK);
      }
      return result;
    },
    count: () => hidden,
  };
}

/** Joins chunks of a stream to whole lines, so that a secret cut by a chunk border is still found. `end` gives the rest. */
export function lineJoiner(onLine: (line: string) => void, maxLineChars = 16_384) {
  let rest = "";
  return {
    write(chunk: string) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line.replace(/\r$/, ""));
      if (rest.length > maxLineChars) {
        onLine(rest);
        rest = "";
      }
    },
    end() {
      if (rest) onLine(rest);
      rest = "";
    },
  };
}
