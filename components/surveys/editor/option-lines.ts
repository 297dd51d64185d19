import type { Kind, Option } from "@/lib/surveys/contract";

/** One option a line; of a number range with the number that it stands for: `1–2 = 1.5`. */
export function linesOf(options: Option[], kind: Kind): string {
  return options.map(({ label, worth }) => (kind === "bucket" && worth !== undefined ? `${label} = ${worth}` : label)).join("\n");
}

/** The options of the lines. One whose words stay keeps its value, and a rating its numbers, so that answers stay comparable. */
export function optionsOf(lines: string, kind: Kind, before: Option[]): Option[] {
  return lines
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line, place) => {
      const range = kind === "bucket" ? /^(.*\S)\s*=\s*(-?\d+(?:\.\d+)?)$/.exec(line) : null;
      const label = range?.[1] ?? line;
      const known = before.find((option) => option.label === label);
      const worth = range ? Number(range[2]) : kind === "rating" ? (known ? known.worth : place + 1) : undefined;
      return { value: known?.value ?? nameOf(label), label, ...(worth === undefined ? {} : { worth }) };
    });
}

const MOST_CHARACTERS = 40;

/** A name out of words: `Waiting for reviews` is `waiting-for-reviews`. */
export function nameOf(words: string): string {
  const name = words
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z\d]+/g, "-")
    .slice(0, MOST_CHARACTERS)
    .replace(/^-+|-+$/g, "");
  return name || "option";
}
