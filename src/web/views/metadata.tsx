import { Fact, Facts } from "./facts.tsx";

/** What the artist recorded beside the usual fields: a list, with JSON where a value has parts. */
export function Metadata({ value }: { value: unknown }) {
  if (value == null) return null;
  const entries: [string, unknown][] =
    typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : [["value", value]];
  if (entries.length === 0) return null;
  return (
    <section aria-labelledby="metadata">
      <h2 id="metadata">Metadata</h2>
      <Facts>
        {entries.map(([key, part]) => (
          <Fact key={key} label={key}>
            {typeof part === "object" && part != null ? (
              <pre tabindex={0} aria-label={key}>
                {JSON.stringify(part, null, 2)}
              </pre>
            ) : (
              <bdi>{String(part)}</bdi>
            )}
          </Fact>
        ))}
      </Facts>
    </section>
  );
}
