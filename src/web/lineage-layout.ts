import { Graph, layout } from "@dagrejs/dagre";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedNode extends Point {
  readonly hash: string;
}

export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  /** From the side of what was used to the side of what was made. */
  readonly points: readonly Point[];
}

/** Where everything stands, in pixels; a node's place is its middle. */
export interface LineageLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** The size of a node's box. */
export const nodeSize = { width: 190, height: 58 } as const;

/**
 * Lays out a graph of works from left to right: what was used before what was made of it. The same graph is always laid
 * out the same way, in whatever order it is given. Several edges between two nodes are drawn as one; cycles are drawn,
 * but for an edge from a node to itself.
 */
export function layoutLineage(
  hashes: readonly string[],
  edges: readonly { readonly from: string; readonly to: string }[],
): LineageLayout {
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 18, ranksep: 56, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const hash of hashes.toSorted()) graph.setNode(hash, { ...nodeSize });
  for (const [from, to] of listPairs(edges)) {
    if (graph.hasNode(from) && graph.hasNode(to)) graph.setEdge(from, to);
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: graph.nodes().map((hash) => {
      const { x, y } = graph.node(hash) as Point;
      return { hash, x: Math.round(x), y: Math.round(y) };
    }),
    edges: graph.edges().map(({ v: from, w: to }) => {
      const { points } = graph.edge(from, to) as { points: readonly Point[] };
      return { from, to, points: points.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) })) };
    }),
  };
}

/** Each pair once, in order, without those from a node to itself. */
function listPairs(edges: readonly { readonly from: string; readonly to: string }[]): [string, string][] {
  const pairs = new Map<string, [string, string]>();
  for (const { from, to } of edges) if (from !== to) pairs.set(`${from} ${to}`, [from, to]);
  return [...pairs.entries()].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, pair]) => pair);
}
