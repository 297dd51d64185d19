import { BAD_FILES } from "../tests/setup/bad-catalog-files";
import { report, timed } from "./setup/measure";
import { benchPortal } from "./setup/portal";

// How long the worst catalog file holds a request: each once, checked over HTTP. The floor is a file in which nothing is wrong.

const GOOD = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: good}\nspec: {type: service, lifecycle: production, owner: checkout}\n";

const portal = await benchPortal();
const token = portal.token("pat", "read,catalog:write");

async function check(text: string): Promise<void> {
  const answer = await fetch(`${portal.url}/api/v1/catalog/check`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/yaml" },
    body: text,
  });
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
}

try {
  for (let i = 0; i < 5; i++) await check(GOOD);
  const floor = await timed(() => check(GOOD));
  const samples: number[] = [];
  for (const { text } of BAD_FILES) samples.push(await timed(() => check(text)));
  report("catalog-bad-input-slowest", "ms", samples, { value: Math.max(...samples), floor });
} finally {
  await portal.stop();
}
