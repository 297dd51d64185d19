import { setTimeout as wait } from "node:timers/promises";
import type { PathServiceState } from "@/lib/golden-paths/contract";
import { report, timed } from "./setup/measure";
import { type BenchPortal, benchPortal } from "./setup/portal";

// 500 services of one golden path; its next version is published, and one request opens the upgrade pull request of each.

const SERVICES = 500;
const AT_ONCE = 4;
const POLL_MS = 250;
const NAME = "bench-library";

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the code of templates
const template = (version: string) => `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: ${NAME}, title: Library, annotations: { waymark.dev/version: "${version}" } }
spec:
  type: library
  parameters:
    - required: [name]
      properties: { name: { type: string, title: Name }, owner: { type: string, title: Owner, ui:field: OwnerPicker } }
  steps:
    - { id: write, action: "fetch:template", input: { url: ./skeleton, values: { name: "\${{ parameters.name }}" } } }
`;
const skeleton = (release: number) => ({
  "README.md": "# ${{ values.name }}\n\nMade by a golden path.\n",
  "index.js": `export const name = "\${{ values.name }}";\nexport const release = ${release};\n`,
  ".github/workflows/ci.yml": `on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps: [{ run: echo ${release} }]\n`,
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the code of templates

async function publish(portal: BenchPortal, token: string, version: string, release: number): Promise<void> {
  const texts = Object.entries(skeleton(release)).map(([file, text]) => [`skeleton/${file}`, text] as const);
  const files = [["template.yaml", template(version)] as const, ...texts].map(([path, content]) => ({ path, content }));
  await portal.call(token, "POST", `/golden-paths/${NAME}/versions`, { files, note: `Release ${release}` });
}

const portal = await benchPortal();
const pat = portal.token("pat", "read,repo:create,admin");

async function create(index: number): Promise<void> {
  const { run } = await portal.call<{ run: { id: string } }>(pat, "POST", "/services", { goldenPath: NAME, values: { name: `library-${index}` }, team: "platform" });
  await ended(run.id);
}

async function ended(id: string): Promise<void> {
  for (;;) {
    const { status } = await portal.call<{ status: string }>(pat, "GET", `/runs/${id}`);
    if (status === "succeeded") return;
    if (status === "failed") throw new Error(`run ${id} failed`);
    await wait(POLL_MS);
  }
}

try {
  await publish(portal, pat, "1.0.0", 1);
  const left = Array.from({ length: SERVICES }, (_, index) => index).values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const index of left) await create(index);
    }),
  );
  await publish(portal, pat, "1.1.0", 2);
  let started = 0;
  const ms = await timed(async () => {
    const answer = await portal.call<{ started: { run: string }[] }>(pat, "POST", `/golden-paths/${NAME}/services`, {});
    started = answer.started.length;
    for (const { run } of answer.started) await ended(run);
  });
  if (started !== SERVICES) throw new Error(`${started} upgrades were started`);
  const { items } = await portal.call<{ items: PathServiceState[] }>(pat, "GET", `/golden-paths/${NAME}/services`);
  const open = items.filter(({ pullRequest }) => pullRequest?.to === "1.1.0" && pullRequest.conflicts === 0).length;
  if (open !== SERVICES) throw new Error(`${open} pull requests are open`);
  report("fleet-upgrade-500", "ms", [ms]);
  report("fleet-upgrade-each", "ms", [ms / SERVICES]);
} finally {
  await portal.stop();
}
