/** What a catalog file may bring that is wrong, and what is to come of it: rules of findings or refusals, in any order. */
export interface BadFile {
  what: string;
  text: string;
  refused?: string[];
  /** Of the entity that is taken all the same. */
  findings?: string[];
}

const entity = (metadata: string, spec = "type: service, lifecycle: production, owner: checkout", kind = "Component") =>
  `apiVersion: backstage.io/v1alpha1\nkind: ${kind}\nmetadata: {${metadata}}\nspec: {${spec}}\n`;

const bomb = () => {
  const lines = ["a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]"];
  for (const [before, name] of ["ab", "bc", "cd", "de", "ef", "fg", "gh", "hi"]) lines.push(`${name}: &${name} [${`*${before}, `.repeat(8)}*${before}]`);
  return `${lines.join("\n")}\nkind: Component\nmetadata: {name: bomb, x: *i}\n`;
};

const longPart = `  long: "${"x".repeat(42_000)}"\n`;

export const BAD_FILES: BadFile[] = [
  { what: "a bomb of aliases", text: bomb(), refused: ["unreadable"] },
  { what: "100,000 brackets", text: "[".repeat(100_000), refused: ["unreadable"] },
  { what: "100,000 braces in flow", text: `a: ${"{b: ".repeat(100_000)}`, refused: ["unreadable"] },
  { what: "a megabyte of indentation", text: Array.from({ length: 1_300 }, (_, at) => `${" ".repeat(at)}a:`).join("\n"), refused: ["unreadable"] },
  { what: "lines of Windows and a mark of byte order", text: `\uFEFF${entity("name: windows").replaceAll("\n", "\r\n")}`, findings: [] },
  { what: "empty documents around a good one", text: `---\n---\n# nothing\n---\n${entity("name: among-empty")}---\n...\n---\n`, findings: [] },
  { what: "nothing but comments", text: "# one\n\n# two\n", refused: ["empty"] },
  { what: "a template of Jinja", text: entity("name: {{ values.name }}"), refused: ["skeleton"] },
  { what: "blocks of Jinja around lines", text: `{%- if values.x %}\n${entity("name: x")}{%- endif %}\n`, refused: ["skeleton"] },
  { what: "42 kB in the first document", text: `${entity("name: long")}${longPart.replace(/^ {2}/, "")}---\n${entity("name: after-long")}`, findings: ["unknown-member"] },
  { what: "the same name twice", text: `${entity("name: twice")}---\n${entity("name: Twice")}`, refused: ["repeated"], findings: [] },
  { what: "no kind", text: "metadata: {name: x}\n", refused: ["kind-missing"] },
  { what: 'kind: ""', text: entity("name: x", undefined, '""'), refused: ["kind-invalid"] },
  { what: "a kind that is a list", text: entity("name: x", undefined, "[Component]"), refused: ["kind-invalid"] },
  { what: "a name of 64 characters", text: entity(`name: ${"x".repeat(64)}`), refused: ["name-invalid"] },
  { what: "a name that leads out", text: entity('name: "../x"'), refused: ["name-invalid"] },
  { what: "a name with a script", text: entity('name: "<script>alert(1)</script>"'), refused: ["name-invalid"] },
  { what: "a namespace that leads out", text: entity('name: x, namespace: "../../etc"'), refused: ["namespace-invalid"] },
  { what: "no owner", text: entity("name: no-owner", "type: service, lifecycle: production"), findings: ["owner-missing"] },
  { what: "an owner that is null", text: entity("name: null-owner", "type: service, lifecycle: production, owner: null"), findings: ["empty-field"] },
  {
    what: "a placeholder to an address inside",
    text: entity("name: inside", "type: openapi, lifecycle: production, owner: checkout, definition: {$text: 'http://169.254.169.254/latest/meta-data'}", "API"),
    findings: ["placeholder"],
  },
  {
    what: "a placeholder that leads out of the folder",
    text: entity("name: outside", "type: openapi, lifecycle: production, owner: checkout, definition: {$text: ../../../etc/passwd}", "API"),
    findings: ["placeholder"],
  },
  { what: "a link that is a script", text: entity('name: script-link, links: [{url: "javascript:alert(1)"}]'), findings: ["link-unsafe"] },
  { what: "HTML in its description", text: entity('name: html, description: "<img src=x onerror=alert(1)>"'), findings: [] },
  {
    what: "keys of prototypes",
    text: entity('name: keys, annotations: {"__proto__": "x", constructor: y, hasOwnProperty: z}', "type: service, lifecycle: production, owner: checkout, __proto__: {a: 1}"),
    refused: ["unreadable"],
  },
  { what: "the character NUL", text: entity('name: zero, description: "a\\0b"'), refused: ["control-character"] },
  { what: "half of a character", text: entity('name: half, description: "\\uD800"'), refused: ["control-character"] },
  { what: "a value that contains itself", text: `kind: Component\nmetadata: &m {name: self, own: *m}\n`, refused: ["circular"] },
  { what: "a key twice", text: "kind: Component\nkind: API\nmetadata: {name: double-key}\n", refused: ["unreadable"] },
  { what: "a tag of another language", text: entity("name: tagged, annotations: {x: !!python/object/apply:os.system x}"), refused: ["unreadable"] },
  { what: "a list", text: "- a\n- b\n", refused: ["no-entity"] },
  { what: "ten thousand tags", text: entity(`name: tags, tags: [${Array.from({ length: 10_000 }, (_, at) => `t${at}`).join(", ")}]`), findings: [] },
  {
    what: "ten thousand dependencies that are not there",
    text: entity(
      "name: needs",
      `type: service, lifecycle: production, owner: checkout, dependsOn: [${Array.from({ length: 10_000 }, (_, at) => `component:no-${at}`).join(", ")}]`,
    ),
    findings: ["target-unknown"],
  },
];
