/** Whether a rendered `if` counts as yes: an empty list does not, the text "false" does. */
export function isTruthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/**
 * The rendered output without the links and texts whose `if` is false, and without the `if` of the others.
 * A condition that rendered to nothing is gone from the output, so it is looked for in the template.
 */
export function visibleItems(template: Record<string, unknown>, output: Record<string, unknown>): Record<string, unknown> {
  const visible = { ...output };
  for (const key of ["links", "text"]) {
    const [items, sources] = [visible[key], template[key]];
    if (!Array.isArray(items)) continue;
    visible[key] = items.filter((item, at) => isVisible(item, Array.isArray(sources) ? sources[at] : undefined)).map(withoutCondition);
  }
  return visible;
}

function isVisible(item: unknown, source: unknown): boolean {
  if (!isGroup(item)) return true;
  const hasCondition = "if" in item || (isGroup(source) && "if" in source);
  return !hasCondition || isTruthy(item.if);
}

function withoutCondition(item: unknown): unknown {
  if (!isGroup(item)) return item;
  const { if: _condition, ...rest } = item;
  return rest;
}

function isGroup(item: unknown): item is Record<string, unknown> {
  return typeof item === "object" && item !== null && !Array.isArray(item);
}
