import type { TemplateFiles } from "./archive";

const TEMPLATE = (name: string) => `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: ${name}
  title: New golden path
  description: A small Node.js service without dependencies. Say here what people get.
  tags: [node]
spec:
  owner: group:default/platform
  type: service
  parameters:
    - title: Your service
      required: [name]
      properties:
        name:
          type: string
          title: Name
          description: How the service is called everywhere.
          pattern: "^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$"
          default: my-service
          ui:help: Lower case letters, digits and hyphens, at most 40 characters, beginning with a letter.
        greeting:
          type: string
          title: Greeting
          description: What the first page says.
          maxLength: 80
          default: Hello
  steps:
    - id: skeleton
      name: Write the sources
      action: fetch:template
      input:
        url: ./skeleton
        values:
          name: \${{ parameters.name }}
          greeting: \${{ parameters.greeting }}
`;

const SKELETON: Record<string, string> = {
  "README.md": `# \${{ values.name }}

Start it with \`node server.js\`; it listens on PORT.
`,
  "server.js": `import { createServer } from "node:http";

const greeting = \${{ values.greeting | dump }};
const port = process.env.PORT ?? "3000";

const server = createServer((request, response) => {
  const isProbe = request.url === "/healthz";
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end(isProbe ? "ok" : greeting);
});
server.listen(port.includes("/") ? port : Number(port));
process.once("SIGTERM", () => server.close(() => process.exit(0)));
`,
  "package.json": `{
  "name": "\${{ values.name }}",
  "version": "1.0.0",
  "private": true,
  "type": "module",
  "engines": { "node": ">=20.19" }
}
`,
  "package-lock.json": `{
  "lockfileVersion": 3,
  "requires": true,
  "packages": {
    "": {
      "engines": {
        "node": ">=20.19"
      }
    }
  }
}
`,
  "waymark.yaml": `# How Waymark runs this service as an environment.
apiVersion: waymark.dev/v1
kind: Environment
spec:
  runtime: node
  start: ["node", "server.js"]
  health: /healthz
  database: none
  egress: false
`,
};

/** A small path that works as it stands: the beginning of a new one. */
export function examplePath(name: string): TemplateFiles {
  const files = Object.entries(SKELETON).map(([path, text]) => [`skeleton/${path}`, text] as const);
  return new Map([["template.yaml", TEMPLATE(name)] as const, ...files].map(([path, text]) => [path, { content: Buffer.from(text), mode: 0o644 }]));
}
