/** The entries of a comma-separated variable. */
export function list(name) {
  return (process.env[name] ?? "").split(",").map((item) => item.trim()).filter(Boolean);
}

/** Runs `probe` on each item and keeps what it found; what is refused is counted, not reported. */
export async function findings(items, probe) {
  const found = [];
  for (const item of items) {
    const result = await probe(item).catch(() => null);
    if (result) found.push(result);
  }
  return found;
}
