const LIMIT = 100;

/** Notes in this process's memory: an example that ends with the process. Put in its place what your service is for. */
export function createNotes() {
  const stored = [];
  let lastId = 0;
  return {
    async list() {
      return stored.slice(0, LIMIT);
    },
    async add(text) {
      lastId += 1;
      const note = { id: String(lastId), text, createdAt: new Date() };
      stored.unshift(note);
      stored.length = Math.min(stored.length, LIMIT);
      return note;
    },
    /** False when there is no such note. */
    async remove(id) {
      const at = stored.findIndex((note) => note.id === id);
      if (at >= 0) stored.splice(at, 1);
      return at >= 0;
    },
  };
}
