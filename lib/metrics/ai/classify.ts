import { matcherOf } from "../rules";
import type { AiClass, AiSignal } from "./signals";

/** Tells of a commit by its author and message whether AI wrote it or helped; null without a signal. `authored` wins over `assisted`. */
export function aiClassifier(signals: AiSignal[]): (author: string, message: string) => AiClass | null {
  const patterns = (field: AiSignal["field"], of: AiClass) => matcherOf(signals.flatMap((one) => (one.field === field && one.class === of ? [one.pattern] : [])));
  const [byAuthor, byLine] = [patterns("author", "authored"), patterns("line", "authored")];
  const [helpedAuthor, helpedLine] = [patterns("author", "assisted"), patterns("line", "assisted")];
  return (author, message) => {
    const lines = message.split("\n").map((text) => text.trim());
    if (byAuthor(author) || lines.some(byLine)) return "authored";
    return helpedAuthor(author) || lines.some(helpedLine) ? "assisted" : null;
  };
}
