import { Empty } from "@/components/ui/empty";
import { SourceText } from "@/components/ui/source-text";

/** A text file, or why it is not shown. */
export function FileView({ path, text, bytes }: { path: string; text: string | null; bytes: number | null }) {
  const why = bytes === null ? "It is larger than 512 kB. Clone the repository to see it." : "It is not text. Clone the repository to open it.";
  return (
    <div className="table-wrap">
      {text === null ? <Empty title={`${path.split("/").at(-1)} is not shown`}>{why}</Empty> : <SourceText text={text} label={`Content of ${path}`} anchors />}
    </div>
  );
}
