import { local } from "../../core/paths.ts";
import type { LineageJson, LineageNodeJson } from "../lineage-json.ts";
import { describeStatus, nameNode, rowId } from "../lineage-words.ts";
import { httpUrl } from "./http-url.ts";

type Edge = LineageJson["edges"][number];

/** The graph of works in words: for each one who claims it, from what it was made, and in what it was used. */
export function LineageTable({ lineage, open }: { lineage: LineageJson; open: boolean }) {
  return (
    <details class="lineage-list" open={open}>
      <summary>The same as a list</summary>
      <div class="lineage-box" tabindex={0} role="region" aria-label="Works and what they were made from">
        <table>
          <thead>
            <tr>
              <th scope="col">Work</th>
              <th scope="col">Claim</th>
              <th scope="col">By</th>
              <th scope="col">Made from</th>
              <th scope="col">Used in</th>
            </tr>
          </thead>
          <tbody>
            {lineage.nodes.map((node) => (
              <Row key={node.hash} lineage={lineage} node={node} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Row({ lineage, node }: { lineage: LineageJson; node: LineageNodeJson }) {
  const madeFrom = lineage.edges.filter(({ to }) => to === node.hash);
  const usedIn = lineage.edges.filter(({ from }) => from === node.hash);
  return (
    <tr id={rowId(node.hash)}>
      <th scope="row">
        <Name lineage={lineage} node={node} />
        <br />
        <code class="hash">{node.hash}</code>
      </th>
      <td>
        {describeStatus(node)}
        <Claims node={node} />
      </td>
      <td>
        <ul>
          {node.creators.map(({ handle, url }) => (
            <li key={url}>
              <a href={url} rel="nofollow ugc">
                {handle}
              </a>
            </li>
          ))}
        </ul>
      </td>
      <Others lineage={lineage} edges={madeFrom} other="from" />
      <Others lineage={lineage} edges={usedIn} other="to" />
    </tr>
  );
}

function Name({ lineage, node }: { lineage: LineageJson; node: LineageNodeJson }) {
  const name = nameNode(lineage, node);
  const href = httpUrl(node.page);
  if (href == null || node.status === "withdrawn") return <bdi>{name}</bdi>;
  return (
    <a href={href} dir="auto" rel="nofollow ugc">
      {name}
    </a>
  );
}

/** Where each claim stands, and our copy of those of other servers. */
function Claims({ node }: { node: LineageNodeJson }) {
  return (
    <ul>
      {node.claims.map(({ claim, copy, withdrawn, creator }) => (
        <li key={claim}>
          <a href={copy == null ? claim : local.claimCopy(claim)}>
            {withdrawn ? "Withdrawn claim" : copy == null ? "Signed claim" : "Verified copy of the claim"}
            <span class="visually-hidden"> of {creator.handle}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Others({
  lineage,
  edges,
  other,
}: {
  lineage: LineageJson;
  edges: readonly Edge[];
  other: "from" | "to";
}) {
  const known = new Map(lineage.nodes.map((node) => [node.hash, node]));
  const listed = [...new Map(edges.map((edge) => [`${edge.role} ${edge[other]}`, edge])).values()];
  return (
    <td>
      <ul>
        {listed.map((edge) => {
          const node = known.get(edge[other]);
          return (
            <li key={`${edge.role} ${edge[other]}`}>
              <a href={`#${rowId(edge[other])}`} dir="auto">
                {node == null ? edge[other] : nameNode(lineage, node)}
              </a>
              {edge.role === "recipe" && (other === "from" ? " (recipe)" : " (as recipe)")}
            </li>
          );
        })}
      </ul>
    </td>
  );
}
