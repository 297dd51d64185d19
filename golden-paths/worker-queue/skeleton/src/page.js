const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text that is safe inside HTML, also within an attribute. */
export const escapeHtml = (text) => String(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);

export const STYLE = `:root { color-scheme: light dark; --line: #8884; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
dl { display: flex; flex-wrap: wrap; gap: 1rem 2rem; } dt { font-size: 0.875rem; } dd { margin: 0; font-size: 1.5rem; font-weight: 600; }
table { width: 100%; border-collapse: collapse; font-size: 0.875rem; } th, td { text-align: left; padding: 0.5rem 1rem 0.5rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
form { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: end; margin: 1.5rem 0; } label { flex: 1 1 12rem; display: grid; font-size: 0.875rem; }
input, button { font: inherit; padding: 0.375rem 0.75rem; border: 1px solid var(--line); border-radius: 6px; }`;

/** The queue as a page: how many jobs there are, the latest ones, and a form for another one. */
export function renderPage({ service, overview: { jobs, counts } }) {
  const rows = jobs.map(
    ({ id, kind, payload, status, attempts, result, lastError }) =>
      `<tr><td>${id}</td><td>${escapeHtml(kind)}</td><td>${status}</td><td>${attempts}</td><td><code>${escapeHtml(JSON.stringify(payload))}</code></td><td>${escapeHtml(lastError ?? (result === null ? "" : JSON.stringify(result)))}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(service.name)}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"></head>
<body>
  <h1>${escapeHtml(service.name)}</h1>
  ${service.description ? `<p>${escapeHtml(service.description)}</p>` : ""}
  <dl>${["waiting", "running", "done", "failed"].map((status) => `<div><dt>${status}</dt><dd>${counts[status]}</dd></div>`).join("")}</dl>
  <form method="post" action="/jobs"><label>Text whose words are counted<input name="text" required maxlength="280" autocomplete="off"></label><button>Add job</button></form>
  ${rows.length === 0 ? "<p>No jobs yet. Add the first one above.</p>" : `<table><thead><tr><th>Job</th><th>Kind</th><th>Status</th><th>Attempts</th><th>Payload</th><th>Result</th></tr></thead><tbody>${rows.join("")}</tbody></table>`}
</body>
</html>
`;
}
