import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeHtml, renderPage } from "../../src/page.js";

const service = { name: "shop", version: "1.2.3", description: "Sells <things>" };
{% if values.database %}const database = { name: "shop_db", role: "shop", version: "18.0", size: "8 MB" };
{% endif %}
test("every character with a meaning in HTML is escaped", () => {
  assert.equal(escapeHtml(`<a href="x" title='y'>&`), "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;");
});

test("the page names the service{% if values.database %} and its database{% endif %}", () => {
  const html = renderPage({ service,{% if values.database %} database,{% endif %} notes: [] });
  for (const text of ["<h1>shop</h1>",{% if values.database %} "shop_db",{% endif %} "Sells &lt;things&gt;", "1.2.3", "No notes yet"]) assert.ok(html.includes(text), text);
});

test("a hostile note stays text", () => {
  const html = renderPage({ service,{% if values.database %} database,{% endif %} notes: [{ id: "1", text: '<script>alert(1)</script>" onfocus="x', createdAt: new Date(0) }] });
  assert.ok(!html.includes("<script"));
  assert.ok(!html.includes('" onfocus="x'));
  assert.ok(html.includes("1970-01-01 00:00 UTC"));
});
