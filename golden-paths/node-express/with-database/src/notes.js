/** Notes in the service's own database. */
export function createNotes(pool) {
  return {
    async list() {
      const { rows } = await pool.query('select id, text, created_at as "createdAt" from notes order by id desc limit 100');
      return rows;
    },
    async add(text) {
      const { rows } = await pool.query('insert into notes (text) values ($1) returning id, text, created_at as "createdAt"', [text]);
      return rows[0];
    },
    /** False when there is no such note. */
    async remove(id) {
      const { rowCount } = await pool.query("delete from notes where id = $1", [id]);
      return rowCount === 1;
    },
  };
}
