import { countLimit } from "../../core/count-limit.ts";
import { AssetGrid } from "./asset-grid.tsx";
import { AssetSearch } from "./asset-search.tsx";
import { formatCount } from "./format.ts";
import { Pagination } from "./pagination.tsx";
import type { AssetsProps } from "./props.ts";

/** The gallery of all works, or of those that a search finds. */
export function AssetsPage({ assets, total, next, filter }: AssetsProps) {
  const filtered = Object.values(filter).some((value) => value != null && value !== "");
  return (
    <>
      <div class="heading">
        <h1>Assets</h1>
        <p class="muted">
          {formatCount(total, "work")}
          {filtered && (total < countLimit ? " found" : " or more found")}
        </p>
      </div>
      <AssetSearch filter={filter} filtered={filtered} />
      {assets.length > 0 ? <AssetGrid assets={assets} /> : <Empty filtered={filtered} />}
      <Pagination next={next} label="Older works" />
    </>
  );
}

function Empty({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <p class="empty">
        No work matches. Try fewer or other words, or <a href="/assets">show all works</a>.
      </p>
    );
  }
  return (
    <p class="empty">
      Nothing has been registered yet. <a href="/new">Register the first work</a>.
    </p>
  );
}
