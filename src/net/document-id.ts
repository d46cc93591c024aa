/** Longer URLs are not asked: they are remembered by the thousand, and no server needs them. */
export const maxUrlLength = 2_048;

/** Terms that would let a document's id, as JSON-LD sees it, be another one than its `id`. */
const idKeywords: ReadonlySet<unknown> = new Set(["@id", "id", "@nest", "@graph"]);

/**
 * The `id` of an ActivityPub document, or undefined when it has none that can be trusted to be its JSON-LD id.
 *
 * Documents are judged by their `id` before a JSON-LD processor sees them. A context that gives `id` another
 * meaning, or its meaning to another term, would make both differ; so would a keyword beside `@context` at the
 * top. Known servers send neither.
 */
export function findDocumentId(json: Record<string, unknown>): URL | undefined {
  const { id } = json;
  if (typeof id !== "string" || id.length > maxUrlLength) return undefined;
  if (Object.keys(json).some((key) => key.startsWith("@") && key !== "@context")) return undefined;
  if (redefinesId(json["@context"])) return undefined;
  const url = URL.parse(id);
  return url?.protocol === "https:" || url?.protocol === "http:" ? url : undefined;
}

function redefinesId(context: unknown): boolean {
  if (Array.isArray(context)) return context.some(redefinesId);
  if (typeof context !== "object" || context == null) return false;
  return Object.entries(context).some(([term, definition]) => {
    if (term.startsWith("@")) return false;
    const meaning: unknown = isObject(definition) ? definition["@id"] : definition;
    if (term === "id" ? meaning !== "@id" : idKeywords.has(meaning)) return true;
    return isObject(definition) && redefinesId(definition["@context"]);
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value != null;
}
