/** The lines of a text, numbered; with `anchors` each has an address of its own. */
export function SourceText({ text, label, anchors = false }: { text: string; label: string; anchors?: boolean }) {
  const lines = text.replace(/\n$/, "").split("\n");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll sideways, also by keyboard
    <div className="source" role="group" aria-label={label} tabIndex={0}>
      {lines.map((line, index) => (
        <div key={index} id={anchors ? `L${index + 1}` : undefined}>
          {anchors ? (
            <a href={`#L${index + 1}`} aria-label={`Line ${index + 1}`}>
              {index + 1}
            </a>
          ) : (
            <span className="line-number" aria-hidden>
              {index + 1}
            </span>
          )}
          <code>{line || " "}</code>
        </div>
      ))}
    </div>
  );
}
