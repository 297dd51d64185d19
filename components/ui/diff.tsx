import { hunks as cutHunks, type DiffLine, diffLines } from "@/lib/core/line-diff";

/** Changed lines with their surroundings, one below the other. */
export function Diff({ label, hunks }: { label: string; hunks: { lines: DiffLine[] }[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard
    <section className="diff" aria-label={label} tabIndex={0}>
      <table>
        <caption className="sr">{label}</caption>
        {hunks.map((hunk, index) => (
          <tbody key={index}>
            {hunk.lines.map((line, at) => (
              <DiffRow key={at} line={line} />
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

const SIGNS = { same: "", added: "+", removed: "−" };
const WORDS = { same: "", added: "added: ", removed: "removed: " };

function DiffRow({ line }: { line: DiffLine }) {
  const look = { same: undefined, added: "diff-add", removed: "diff-del" }[line.kind];
  return (
    <tr className={look}>
      <td className="nr">{line.before}</td>
      <td className="nr">{line.after}</td>
      <td className="sign" aria-hidden>
        {SIGNS[line.kind]}
      </td>
      <td className="text">
        <span className="sr">{WORDS[line.kind]}</span>
        {line.text || "\u00a0"}
      </td>
    </tr>
  );
}

/** The difference of two texts. */
export function TextDiff({ label, before, after }: { label: string; before: string; after: string }) {
  const hunks = cutHunks(diffLines(before, after));
  return hunks.length > 0 ? <Diff label={label} hunks={hunks} /> : <p className="muted p-4">No line differs.</p>;
}
