import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MarkdownOptions, markdownTitle, renderDocument } from "./markdown";
import { headingsOf } from "./markdown-headings";

const renderMarkdown = (text: string, options?: MarkdownOptions) =>
  renderDocument(text, options)
    .parts.map((part) => ("html" in part ? part.html : ""))
    .join("");

const ATTACKS = [
  "!\n\n```<script>alert(1)</script>\nx\n```",
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg onload=alert(1)><script>alert(1)</script></svg>",
  "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
  "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>",
  "<iframe src='javascript:alert(1)'></iframe>",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "<object data='data:text/html,<script>alert(1)</script>'></object>",
  "<embed src='javascript:alert(1)'>",
  "<base href='https://evil.example/'>",
  "<meta http-equiv='refresh' content='0;url=javascript:alert(1)'>",
  "<link rel=stylesheet href='https://evil.example/x.css'>",
  "<style>@import 'https://evil.example/x.css'</style>",
  "<form action='https://evil.example'><input type=password name=p><button>x</button></form>",
  "<p style='background:url(javascript:alert(1))'>x</p>",
  "<p onclick='alert(1)'>x</p>",
  "<a href='javascript:alert(1)'>x</a>",
  "<a href='JaVaScRiPt:alert(1)'>x</a>",
  "<a href=' javascript:alert(1)'>x</a>",
  "<a href='java\nscript:alert(1)'>x</a>",
  "<a href='&#106;avascript:alert(1)'>x</a>",
  "<a href='vbscript:x'>x</a>",
  "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
  "[x](javascript:alert(1))",
  "[x](<javascript:alert(1)>)",
  "[x](data:text/html;base64,PHNjcmlwdD4=)",
  "![x](javascript:alert(1))",
  '![x](x "onerror=alert(1)")',
  "[x]: javascript:alert(1)\n\n[x]",
  "<javascript:alert(1)>",
  "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
  "<textarea><script>alert(1)</script></textarea>",
  "<template><script>alert(1)</script></template>",
  "<details open ontoggle=alert(1)>x</details>",
  "<video><source onerror=alert(1)></video>",
  "<audio src=x onerror=alert(1)>",
  "<body onload=alert(1)>",
  "<marquee onstart=alert(1)>x</marquee>",
  "<x onclick=alert(1)>x</x>",
  "`<script>alert(1)</script>`",
  "```html\n<script>alert(1)</script>\n```",
  "<!--><script>alert(1)</script>-->",
  "<![CDATA[<script>alert(1)</script>]]>",
  "<a id=location name=location>x</a>",
  "<img name=getElementById>",
  "<p class='dialog overlay' id='__next'>x</p>",
];

const DANGEROUS =
  /<(script|style|iframe|object|embed|base|meta|link|form|button|svg|math|template|video|audio|textarea)\b|<[^>]+\son\w+\s*=|<[^>]+\s(?:style|srcdoc)=|<[^>]+(?:href|src|xlink:href)\s*=\s*["']?\s*(?:javascript|vbscript|data):|\sid="(?!doc-)|\sname="(?!doc-)|class="[^"]*(?:dialog|overlay)/i;

/** The HTML without the words of tooltips and descriptions, which are text. */
const visible = (html: string) => html.replace(/ (title|alt)="[^"]*"/g, "");

describe("what an author may not do", () => {
  test.each(ATTACKS)("%s", (text) => {
    expect(visible(renderMarkdown(text))).not.toMatch(DANGEROUS);
    expect(visible(renderMarkdown(`# Title\n\n- ${text}\n\n> ${text}`))).not.toMatch(DANGEROUS);
  });

  test("however the parts are put together", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...ATTACKS), fc.string({ maxLength: 8 }), fc.constantFrom("<", ">", "'", '"', "`", "\n\n", "&#", "](", "![")), { maxLength: 6 }),
        (parts) => {
          expect(visible(renderMarkdown(parts.join("")))).not.toMatch(DANGEROUS);
        },
      ),
      { numRuns: 150 },
    );
  });

  test.each([
    ["quotes within quotes", ">".repeat(50_000)],
    ["lists within lists", "- ".repeat(50_000)],
    ["brackets", "[".repeat(50_000)],
    ["emphasis", "*a_ ".repeat(20_000)],
    ["emphasis in many paragraphs", `${"*a_ ".repeat(300)}\n\n`.repeat(150)],
    ["tags within tags", "<b>".repeat(5_000)],
    ["blocks within blocks", "<div>".repeat(20_000)],
    ["open tags in many blocks", Array.from({ length: 299 }, (_, i) => `<b id=${i}><p title='</b>'>`).join("")],
    ["addresses", "a@a@a.".repeat(16_000)],
    ["tables", `${"|a".repeat(2_000)}\n${"|-".repeat(2_000)}\n${`${"|a".repeat(10)}\n`.repeat(1_000)}`],
    ["code marks of all lengths", Array.from({ length: 600 }, (_, i) => "`".repeat(i)).join("a")],
    ["references", "[a]: b\n".repeat(5_000)],
    ["entities", "&#x41;".repeat(16_000)],
    ["a very long text", "x".repeat(600_000)],
  ])("%s do not hold the server", (_name, text) => {
    const begun = performance.now();
    expect(renderMarkdown(text).length).toBeGreaterThan(0);
    expect(performance.now() - begun).toBeLessThan(30_000);
  });
});

describe("what an author may do", () => {
  test("headings, tables, code, lists, links", () => {
    const html = renderMarkdown("# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nx < 1\n```\n\n- [ ] todo\n\n[site](https://example.com) [mail](mailto:a@example.com)");
    for (const part of [
      '<h1 id="doc-title">Title<a href="#doc-title" class="anchor" aria-label="Link to Title">#</a></h1>',
      "<table>",
      "<td>1</td>",
      'class="hljs language-js">x &#x3C; <span class="hljs-number">1</span>',
      'type="checkbox"',
      'href="https://example.com"',
      'rel="noreferrer nofollow"',
      'href="mailto:a@example.com"',
    ])
      expect(html).toContain(part);
  });

  test("headings give way to the page's own, links and pictures go where the caller says", () => {
    const html = renderMarkdown("# A\n\n[docs](docs/x.md) [gone](secret.md) ![alt](pic.png) ![other](https://x.example/p.png)", {
      headingOffset: 1,
      link: (href) => (href === "docs/x.md" ? "/catalog/x" : null),
      image: (src) => (src === "pic.png" ? "/pic" : null),
    });
    expect(html).toBe(
      '<h2 id="doc-a">A<a href="#doc-a" class="anchor" aria-label="Link to A">#</a></h2>\n<p><a href="/catalog/x">docs</a> <span>gone</span> <img src="/pic" alt="alt" loading="lazy"> <span>other</span></p>',
    );
  });

  test("a document's title is its first heading", () => {
    expect(markdownTitle("text\n\n# The **checkout** `api` #\n")).toBe("The checkout api");
    expect(markdownTitle("no heading")).toBe(null);
  });
});

describe("a document", () => {
  test("sets Mermaid diagrams apart, lists its headings, and keeps code inside of lists", () => {
    const { parts, headings } = renderDocument("# Plan\n\n```mermaid\ngraph TD\n  A --> B<script>\n```\n\n## Plan\n\n- ```mermaid\n  graph LR\n  ```\n");
    expect(parts.map((part) => ("diagram" in part ? part.diagram : "html"))).toEqual(["html", "graph TD\n  A --> B<script>\n", "html"]);
    expect(headings).toEqual([
      { id: "doc-plan", text: "Plan", level: 1 },
      { id: "doc-plan-1", text: "Plan", level: 2 },
    ]);
  });

  test("shows admonitions of MkDocs, but not those inside of code", () => {
    const { parts } = renderDocument('!!! warning "Mind the gap"\n    It is **wide**.\n\nAfter\n\n```\n!!! note\n    raw\n```\n');
    const html = parts.map((part) => ("html" in part ? part.html : "")).join("");
    expect(html).toContain("<blockquote>\n<p><strong>Mind the gap</strong></p>\n<p>It is <strong>wide</strong>.</p>\n</blockquote>");
    expect(html).toContain("!!! note");
  });

  test("highlights known languages and leaves the others alone", () => {
    const html = renderMarkdown("```js\nconst a = 1;\n```\n\n```nothing-known\n<b>\n```");
    expect(html).toContain('<span class="hljs-keyword">const</span>');
    expect(html).toContain("&#x3C;b>");
  });

  test("ids that a search links to are those of the rendered headings", () => {
    const text = "# One *two*\n\n```\n# no heading\n```\n\n## `code` and [link](x)\n\n## One two\n";
    expect(headingsOf(text).map(({ id }) => id)).toEqual(renderDocument(text).headings.map(({ id }) => id));
  });
});
