import { isListedHost, readAddress } from "./outside";
import type { ReadText, SourceReader } from "./reader";

const AT_ONCE = 4;

/** Files at addresses of one host, beginning with `root`; files are called by their whole address. `rootText`: what was read of it already. */
export function addressReader(root: string, rootText: string, signal?: AbortSignal): SourceReader {
  const { origin } = new URL(root);
  return {
    list: async () => null,
    async read(addresses) {
      const texts = new Map<string, ReadText>();
      for (let from = 0; from < addresses.length; from += AT_ONCE) {
        const part = addresses.slice(from, from + AT_ONCE);
        const read = await Promise.all(part.map((one) => (one === root ? { text: rootText } : readAddress(one, signal))));
        for (const [index, one] of part.entries()) texts.set(one, read[index] ?? { missing: true });
      }
      return texts;
    },
    resolve(from, target) {
      if (!URL.canParse(target, from)) return { refused: "it is no address" };
      const url = new URL(target, from);
      if (url.protocol !== "https:" && url.protocol !== "http:") return { refused: "only https addresses are read" };
      // What a document names elsewhere is its author's choice, not that of the person who asked.
      if (url.origin === origin) return { path: url.href };
      return isListedHost(url) ? { url: url.href } : { refused: `only ${new URL(root).host} is read` };
    },
  };
}
