import type { LineageJson } from "../lineage-json.ts";
import { layoutLineage, type PlacedEdge } from "../lineage-layout.ts";
import { nameNode } from "../lineage-words.ts";
import { formatCount } from "./format.ts";
import { LineageNode } from "./lineage-node.tsx";

/** How many edges are drawn for each node: laying out more takes long, and nobody can tell them apart. */
const drawnPerNode = 2;

/** The graph of works as a picture, whose nodes are links; what was used stands to the left of what was made of it. */
export function LineagePicture({ lineage, title }: { lineage: LineageJson; title: string }) {
  const { nodes, root } = lineage;
  const drawn = lineage.edges.slice(0, Math.max(40, nodes.length * drawnPerNode));
  const hashes = nodes.map(({ hash }) => hash);
  const { width, height, nodes: places, edges } = layoutLineage(hashes, drawn);
  const byHash = new Map(nodes.map((node) => [node.hash, node]));
  const recipes = new Set(
    drawn.filter(({ role }) => role === "recipe").map(({ from, to }) => `${from} ${to}`),
  );
  return (
    <div class="lineage-box" tabindex={0} role="region" aria-label={title}>
      <svg
        class="lineage"
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="group"
        aria-labelledby="lineage-title"
        aria-describedby="lineage-desc"
      >
        <title id="lineage-title">{title}</title>
        <desc id="lineage-desc">
          {formatCount(nodes.length, "work")}. Arrows lead from what was used to what was made of it; dashed
          ones from a recipe. The list below says the same.
        </desc>
        <defs>
          <marker
            id="lineage-arrow"
            viewBox="0 0 8 8"
            refX={8}
            refY={4}
            markerWidth={8}
            markerHeight={8}
            orient="auto"
          >
            <path d="M0 0 8 4 0 8z" class="lineage-head" />
          </marker>
        </defs>
        {edges.map((edge) => {
          const key = `${edge.from} ${edge.to}`;
          return (
            <path
              key={key}
              d={toPath(edge)}
              class={recipes.has(key) ? "lineage-edge recipe" : "lineage-edge"}
              marker-end="url(#lineage-arrow)"
            />
          );
        })}
        {places.map((place) => {
          const node = byHash.get(place.hash);
          if (node == null) return null;
          const name = nameNode(lineage, node);
          return (
            <LineageNode key={place.hash} node={node} name={name} place={place} root={place.hash === root} />
          );
        })}
      </svg>
    </div>
  );
}

/** A line through the middles between the bends, rounded at the bends. */
function toPath({ points }: PlacedEdge): string {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (first == null || last == null) return "";
  const curves = rest.map((bend, at) => {
    const next = rest[at + 1];
    const end = next == null ? last : { x: (bend.x + next.x) / 2, y: (bend.y + next.y) / 2 };
    return `Q${bend.x} ${bend.y} ${end.x} ${end.y}`;
  });
  const end = rest.length === 0 ? `L${last.x} ${last.y}` : "";
  return `M${first.x} ${first.y}${curves.join("")}${end}`;
}
