/** One YAML document of a file as text, with the marker before it. */
export interface DocumentText {
  text: string;
  /** Line of the file (from 1) that the text begins at, and that of its first content. */
  firstLine: number;
  line: number;
}

// Both markers end a document wherever they begin a line, in block texts and quotes too.
const BEGIN = /^---(?=\s|$)/;
const END = /^\.\.\.(?=\s|$)/;
// A line that begins with % tells the parser something about the document that follows.
const WITHOUT_CONTENT = /^(?:---)?\s*(?:#.*)?$|^%/;

/** The documents of a YAML file, apart from each other, with plain line ends; those without content are left out. */
export function splitDocuments(text: string): DocumentText[] {
  const documents: DocumentText[] = [];
  let lines: string[] = [];
  let firstLine = 1;
  const close = (next: number | null) => {
    const content = lines.findIndex((line) => !WITHOUT_CONTENT.test(line));
    // The end of the line before a marker belongs to the document: a text block may keep it.
    if (content >= 0) documents.push({ text: lines.join("\n") + (next === null ? "" : "\n"), firstLine, line: firstLine + content });
    lines = [];
    firstLine = next ?? 0;
  };
  for (const [index, line] of text.replace(/\r\n?/g, "\n").split("\n").entries()) {
    if (END.test(line)) {
      close(index + 2);
      continue;
    }
    if (BEGIN.test(line)) close(index + 1);
    lines.push(line);
  }
  close(null);
  return documents;
}
