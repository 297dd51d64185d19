import { type MarkdownOptions, type RenderedDocument, renderDocument } from "@/lib/core/markdown";
import { Diagram } from "./diagram";

/** Text that somebody wrote in Markdown, rendered and sanitised on the server. */
export function Markdown({ text, ...options }: MarkdownOptions & { text: string }) {
  return <MarkdownParts {...renderDocument(text, { headingOffset: 1, ...options })} />;
}

/** A document that is rendered already. */
export function MarkdownParts({ parts }: Pick<RenderedDocument, "parts">) {
  return (
    <div className="prose">
      {parts.map((part, index) =>
        "diagram" in part ? (
          <Diagram key={index} code={part.diagram} />
        ) : (
          // RenderDocument returns sanitised HTML, which its tests attack
          <div key={index} className="prose-part" dangerouslySetInnerHTML={{ __html: part.html }} />
        ),
      )}
    </div>
  );
}
