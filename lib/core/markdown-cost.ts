// The parsers are quadratic in places: every pair of marks in a paragraph, every column of a table in every row, every open
// formatting tag in every block. 80 kB of such text hold a thread for minutes. Real documents stay far below these budgets.

const MAX_NESTING = 100;
const TOO_DEEP = new RegExp(`^(?:[ \\t]*(?:>|[-*+]|\\d{1,9}[.)])[ \\t]*){${MAX_NESTING}}`, "m");
const MARKS = /[*_~]+|[[\]]/g;
const MAX_PAIRS = 10_000_000;
const CODE_MARKS = /`+/g;
const MAX_CODE_STEPS = 10_000_000;
const WIDE_TABLE = /^(?:[^|\n]*\|){101}/m;
const FORMATTING_TAG = /<(\/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)\b/gi;
const MAX_FORMATTING_TAGS = 300;
const MAX_OPEN_TAGS = 100;

/** True if rendering this text could take more than a few seconds. */
export function isCostly(text: string): boolean {
  return TOO_DEEP.test(text) || WIDE_TABLE.test(text) || hasManyTags(text) || hasManyMarks(text);
}

function hasManyMarks(text: string): boolean {
  let pairs = 0;
  let codeSteps = 0;
  for (const block of text.split(/\n[ \t]*\n/)) {
    pairs += (block.match(MARKS)?.length ?? 0) ** 2;
    codeSteps += (block.match(CODE_MARKS)?.length ?? 0) * block.length;
  }
  return pairs > MAX_PAIRS || codeSteps > MAX_CODE_STEPS;
}

function hasManyTags(text: string): boolean {
  let opened = 0;
  let open = 0;
  for (const [, slash] of text.matchAll(FORMATTING_TAG)) {
    if (slash) open = Math.max(0, open - 1);
    else {
      opened += 1;
      open += 1;
    }
    if (open > MAX_OPEN_TAGS || opened > MAX_FORMATTING_TAGS) return true;
  }
  return false;
}
