import "server-only";
import { readFile } from "node:fs/promises";
import path from "node:path";

// Diagrams are drawn by Mermaid in a frame of an origin of its own: its styles need a looser policy than the portal's, and what a
// document's author wrote cannot reach the page around it.

const SCRIPT = "node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js";

/** Policy of the frame: the script of this portal, styles that Mermaid writes, nothing from the network. */
export const FRAME_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox allow-scripts";

export const FRAME_PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Diagram</title><style>html,body{margin:0;background:transparent;overflow:auto}svg{max-width:100%;height:auto;display:block}</style><div id="out"></div><script src="/api/diagram/script"></script></html>`;

// Draws what the page around it sends, and answers with the height or with what is wrong.
const BEGIN = `
(() => {
  const out = document.getElementById("out");
  const say = (message) => parent.postMessage({ diagram: true, ...message }, "*");
  addEventListener("message", async ({ source, data }) => {
    if (source !== parent) return;
    if (data?.hello) return say({ ready: true });
    if (typeof data?.code !== "string") return;
    const { code, colours, font } = data;
    mermaid.initialize({ startOnLoad: false, securityLevel: "strict", theme: "base", themeVariables: { ...colours, fontFamily: font, fontSize: "13px" }, suppressErrorRendering: true, fontSize: 13, sequence: { actorFontSize: 13, messageFontSize: 13, noteFontSize: 13 } });
    try {
      const { svg } = await mermaid.render("diagram", code);
      out.innerHTML = svg;
      const drawn = out.firstElementChild;
      const width = Number.parseFloat(drawn?.style.maxWidth) || 0;
      if (width) {
        // Shrinks to the page as far as its words stay legible, and can be scrolled beyond that.
        drawn.setAttribute("width", width);
        drawn.style.maxWidth = "100%";
        drawn.style.minWidth = Math.round(width * 0.62) + "px";
      }
      say({ height: Math.ceil(document.documentElement.scrollHeight) });
      new ResizeObserver(() => say({ height: Math.ceil(out.getBoundingClientRect().height) })).observe(out);
    } catch (error) {
      say({ problem: String(error?.message ?? error).split("\\n").slice(0, 4).join("\\n").slice(0, 500) });
    }
  });
  say({ ready: true });
})();
`;

/** The script of the frame: Mermaid, and the few lines that listen. */
export async function frameScript(): Promise<string> {
  return `${await readFile(path.join(/* turbopackIgnore: true */ process.cwd(), SCRIPT), "utf8")}\n${BEGIN}`;
}
