/** How large a JSON document may be, once parsed. */
export interface ShapeLimits {
  /** Of objects and arrays inside each other; default 20. */
  depth: number;
  /** Of objects, arrays and plain values together; default 5,000. */
  nodes: number;
  /** Of JSON-LD contexts in the whole document; default 16. */
  contexts: number;
}

export const defaultShape: ShapeLimits = { depth: 20, nodes: 5_000, contexts: 16 };

/**
 * What makes a JSON value unfit to be handed on, in words; undefined when nothing does.
 *
 * Deep or wide JSON-LD costs a processor far more time than it costs its sender, and PostgreSQL stores no NUL.
 * This looks at no more than `limits.nodes` values and does not recurse.
 */
export function findShapeProblem(json: unknown, limits: ShapeLimits = defaultShape): string | undefined {
  const pending: { value: unknown; depth: number }[] = [{ value: json, depth: 1 }];
  let nodes = 0;
  let contexts = 0;
  for (let next = pending.pop(); next != null; next = pending.pop()) {
    const { value, depth } = next;
    if (++nodes > limits.nodes) return `it has more than ${limits.nodes} values`;
    if (typeof value === "string" && value.includes("\0")) return "it contains a NUL character";
    if (typeof value !== "object" || value == null) continue;
    if (depth > limits.depth) return `it is nested deeper than ${limits.depth}`;
    const entries = Object.entries(value);
    if (nodes + pending.length + entries.length > limits.nodes)
      return `it has more than ${limits.nodes} values`;
    for (const [key, child] of entries) {
      if (key.includes("\0")) return "it contains a NUL character";
      if (key === "@context") contexts += Array.isArray(child) ? child.length : 1;
      pending.push({ value: child, depth: depth + 1 });
    }
    if (contexts > limits.contexts) return `it has more than ${limits.contexts} contexts`;
  }
  return undefined;
}
