import { local } from "../../core/paths.ts";
import type { LineageJson } from "../lineage-json.ts";
import { Credits } from "./credits.tsx";
import { LineagePicture } from "./lineage-picture.tsx";
import { LineageTable } from "./lineage-table.tsx";

export interface LineageProps {
  readonly lineage: LineageJson;
  /** Of the asset. */
  readonly name: string;
}

/** The works next to one, on its own page; nothing where none are known. */
export function LineageSection({ lineage, name }: LineageProps) {
  if (lineage.edges.length === 0) return null;
  return (
    <section aria-labelledby="lineage">
      <h2 id="lineage">Lineage</h2>
      <LineagePicture lineage={lineage} title={`What ${name} was made from, and used in`} />
      <LineageTable lineage={lineage} open={false} />
      <p>
        <a href={local.lineagePage(name)}>Whole lineage</a>
        {lineage.truncated && <span class="muted"> (there is more than is shown here)</span>}
      </p>
      <Credits lineage={lineage} />
    </section>
  );
}

/** The lineage of a work, as far as a picture can show it. */
export function LineagePage({ lineage, name }: LineageProps) {
  return (
    <>
      <h1>
        Lineage of{" "}
        <a href={local.assetPage(name)} dir="auto">
          {name}
        </a>
      </h1>
      {lineage.edges.length === 0 ? (
        <p class="muted">Nobody has stated from what this was made, or in what it was used.</p>
      ) : (
        <>
          {lineage.truncated && (
            <p class="notice">
              There is more than is shown here. <a href={`${local.lineage(name)}?limit=1000`}>As JSON</a>{" "}
              there are up to 1,000 works.
            </p>
          )}
          <LineagePicture lineage={lineage} title={`What ${name} was made from, and used in`} />
          <Credits lineage={lineage} />
          <LineageTable lineage={lineage} open={true} />
        </>
      )}
    </>
  );
}
