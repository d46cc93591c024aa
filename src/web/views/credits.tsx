import type { LineageJson } from "../lineage-json.ts";

/** Everybody who claims something that the work was made from, the nearest first, each once. */
export function Credits({ lineage }: { lineage: LineageJson }) {
  const ancestors = lineage.nodes.filter(({ made_from_steps }) => (made_from_steps ?? 0) > 0);
  const creators = [
    ...new Map(
      ancestors.flatMap((node) => node.creators.map((creator) => [creator.url, creator] as const)),
    ).values(),
  ];
  if (creators.length === 0) return null;
  return (
    <section aria-labelledby="credits">
      <h2 id="credits">Credits</h2>
      <p class="muted">Who made what this was made from.</p>
      <ul class="inline">
        {creators.map(({ handle, url }) => (
          <li key={url}>
            <a href={url} rel="nofollow ugc">
              {handle}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
