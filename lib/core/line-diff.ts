export interface DiffLine {
  kind: "same" | "added" | "removed";
  text: string;
  /** Line numbers from 1; null where the line is not there. */
  before: number | null;
  after: number | null;
}

const CONTEXT = 3;
/** Beyond this many differing lines the middle is shown as replaced whole: the exact search is quadratic in them. */
const MAX_EDITS = 1_000;

/** The lines of two texts side by side (Myers' O(ND) search over what is left between the common beginning and end). */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [toLines(before), toLines(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let tail = 0;
  while (tail < a.length - start && tail < b.length - start && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const middle = editScript(a.slice(start, a.length - tail), b.slice(start, b.length - tail));
  const result: DiffLine[] = [];
  const counts = { before: 0, after: 0 };
  const push = (kind: DiffLine["kind"], text: string) => {
    result.push({ kind, text, before: kind === "added" ? null : ++counts.before, after: kind === "removed" ? null : ++counts.after });
  };
  for (const text of a.slice(0, start)) push("same", text);
  for (const [kind, text] of middle) push(kind, text);
  for (const text of a.slice(a.length - tail)) if (tail > 0) push("same", text);
  return result;
}

/** Changed stretches with three unchanged lines around each. */
export function hunks(lines: DiffLine[]): { lines: DiffLine[] }[] {
  const near = new Set<number>();
  lines.forEach((line, index) => {
    if (line.kind === "same") return;
    for (let at = index - CONTEXT; at <= index + CONTEXT; at += 1) near.add(at);
  });
  const found: { lines: DiffLine[] }[] = [];
  let previous = -2;
  lines.forEach((line, index) => {
    if (!near.has(index)) return;
    if (index !== previous + 1) found.push({ lines: [] });
    found.at(-1)?.lines.push(line);
    previous = index;
  });
  return found;
}

/** How many lines came and went. */
export function countChanges(lines: DiffLine[]): { added: number; removed: number } {
  return { added: lines.filter(({ kind }) => kind === "added").length, removed: lines.filter(({ kind }) => kind === "removed").length };
}

function toLines(text: string): string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

type Edit = [DiffLine["kind"], string];

function editScript(a: string[], b: string[]): Edit[] {
  const replaced = (): Edit[] => [...a.map((text): Edit => ["removed", text]), ...b.map((text): Edit => ["added", text])];
  if (a.length === 0 || b.length === 0) return replaced();
  const trace = search(a, b);
  return trace ? walkBack(a, b, trace) : replaced();
}

/** The furthest reaching points of each number of edits; null past the limit. */
function search(a: string[], b: string[]): Map<number, number>[] | null {
  const trace: Map<number, number>[] = [];
  let reach = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= Math.min(a.length + b.length, MAX_EDITS); edits += 1) {
    trace.push(new Map(reach));
    const next = new Map(reach);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const isDown = diagonal === -edits || (diagonal !== edits && (next.get(diagonal - 1) ?? -1) < (next.get(diagonal + 1) ?? -1));
      let x = isDown ? (next.get(diagonal + 1) ?? 0) : (next.get(diagonal - 1) ?? 0) + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
      next.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return trace;
    }
    reach = next;
  }
  return null;
}

function walkBack(a: string[], b: string[], trace: Map<number, number>[]): Edit[] {
  const edits: Edit[] = [];
  let [x, y] = [a.length, b.length];
  for (let step = trace.length - 1; step >= 0; step -= 1) {
    const reach = trace[step] ?? new Map<number, number>();
    const diagonal = x - y;
    const isDown = diagonal === -step || (diagonal !== step && (reach.get(diagonal - 1) ?? -1) < (reach.get(diagonal + 1) ?? -1));
    const fromX = reach.get(isDown ? diagonal + 1 : diagonal - 1) ?? 0;
    const fromY = fromX - (isDown ? diagonal + 1 : diagonal - 1);
    while (x > Math.max(fromX, 0) && y > Math.max(fromY, 0)) {
      x -= 1;
      y -= 1;
      edits.push(["same", a[x] ?? ""]);
    }
    if (step === 0) break;
    edits.push(isDown ? ["added", b[fromY] ?? ""] : ["removed", a[fromX] ?? ""]);
    [x, y] = [fromX, fromY];
  }
  return edits.reverse();
}
