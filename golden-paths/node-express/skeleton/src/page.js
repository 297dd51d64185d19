const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text that is safe inside HTML, also within an attribute. */
export function escapeHtml(text) {
  return String(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** The index page: the service{% if values.database %}, its own database{% endif %} and the notes in it. */
export function renderPage({ service,{% if values.database %} database,{% endif %} notes }) {
  const title = escapeHtml(service.name);
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title>
  <link rel="icon" href="/favicon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/style.css">
</head>
<body>
  <main>
    <header>
      <h1>${title}</h1>
      ${service.description ? `<p>${escapeHtml(service.description)}</p>` : ""}
    </header>
    <section aria-labelledby="notes">
      <h2 id="notes">Notes <span class="count">${notes.length}</span></h2>
      <form method="post" action="/notes" class="add">
        <label for="text">New note</label>
        <div class="row"><input id="text" name="text" required maxlength="280" autocomplete="off" placeholder="What should be remembered?"><button>Add note</button></div>
      </form>
      ${notes.length > 0 ? `<ul>${notes.map(renderNote).join("")}</ul>` : '<p class="empty">No notes yet. Add the first one above; it is stored in {% if values.database %}this service\'s own database{% else %}the memory of this process{% endif %}.</p>'}
    </section>
{%- if values.database %}
    <section aria-labelledby="database">
      <h2 id="database">Database</h2>
      <dl>
        <div><dt>Name</dt><dd>${escapeHtml(database.name)}</dd></div>
        <div><dt>Role</dt><dd>${escapeHtml(database.role)}</dd></div>
        <div><dt>PostgreSQL</dt><dd>${escapeHtml(database.version)}</dd></div>
        <div><dt>Size</dt><dd>${escapeHtml(database.size)}</dd></div>
      </dl>
    </section>
{%- endif %}
    <footer><a href="/api/notes">JSON</a><a href="/healthz">Health</a><a href="/readyz">Readiness</a><span>Version ${escapeHtml(service.version)}</span></footer>
  </main>
</body>
</html>
`;
}

function renderNote(note) {
  const createdAt = new Date(note.createdAt).toISOString();
  return `<li>
        <div><p>${escapeHtml(note.text)}</p><time datetime="${createdAt}">${createdAt.slice(0, 16).replace("T", " ")} UTC</time></div>
        <form method="post" action="/notes/${escapeHtml(note.id)}/delete"><button class="quiet" aria-label="Delete note: ${escapeHtml(note.text)}">Delete</button></form>
      </li>`;
}
