import { truncate } from "../../core/text.ts";
import type { LineageNodeJson } from "../lineage-json.ts";
import { nodeSize, type Point } from "../lineage-layout.ts";
import { describeStatus, linkNode } from "../lineage-words.ts";

export interface LineageNodeProps {
  readonly node: LineageNodeJson;
  readonly name: string;
  readonly place: Point;
  /** Whether the picture is about this one. */
  readonly root: boolean;
}

const { width, height } = nodeSize;

/** One work in the picture: a link, whose shape and words say how things stand with its claims. */
export function LineageNode({ node, name, place, root }: LineageNodeProps) {
  const creators = node.creators.map(({ handle }) => handle).join(", ");
  const state = describeState(node);

  const label = [name, creators === "" ? "" : `by ${creators}`, describeStatus(node)].filter(Boolean);
  return (
    <a
      href={linkNode(node)}
      class={`lineage-node ${node.status}${node.contested ? " contested" : ""}`}
      aria-label={label.join(", ")}
      aria-current={root ? "true" : undefined}
    >
      <g transform={`translate(${place.x - width / 2} ${place.y - height / 2})`}>
        <Shape node={node} />
        <text x={width / 2} y={state === "" ? 26 : 20} class="lineage-name">
          {truncate(name, 22)}
        </text>
        <text x={width / 2} y={state === "" ? 44 : 36} class="lineage-by">
          {truncate(creators, 25)}
        </text>
        {state !== "" && (
          <text x={width / 2} y={51} class="lineage-state">
            {state}
          </text>
        )}
      </g>
    </a>
  );
}

/** What is not as it should be; nothing where all is well. */
function describeState({ status, contested }: LineageNodeJson): string {
  const words = status === "withdrawn" || status === "unknown" ? [status] : [];
  return [...words, ...(contested ? ["contested"] : [])].join(", ");
}

/** Round corners: claimed; a second line: elsewhere; pointed sides: contested; cut corners: withdrawn; dashes: unknown. */
function Shape({ node }: { node: LineageNodeJson }) {
  if (node.contested) {
    const middle = height / 2;
    return (
      <polygon
        class="lineage-shape"
        points={`0,${middle} 12,0 ${width - 12},0 ${width},${middle} ${width - 12},${height} 12,${height}`}
      />
    );
  }
  if (node.status === "withdrawn") {
    const [right, bottom] = [width - 10, height - 10];
    return (
      <polygon
        class="lineage-shape"
        points={`10,0 ${right},0 ${width},10 ${width},${bottom} ${right},${height} 10,${height} 0,${bottom} 0,10`}
      />
    );
  }
  return (
    <>
      <rect class="lineage-shape" width={width} height={height} rx={8} />
      {node.status === "claimed" && (
        <rect class="lineage-second" x={3} y={3} width={width - 6} height={height - 6} rx={6} />
      )}
    </>
  );
}
