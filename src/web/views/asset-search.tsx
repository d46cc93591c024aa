import { assetTypes } from "../../core/media.ts";
import { capitalize } from "./format.ts";
import type { AssetsProps } from "./props.ts";

type AssetSearchProps = Pick<AssetsProps, "filter"> & { readonly filtered: boolean };

/** The form that narrows the gallery down. */
export function AssetSearch({ filter, filtered }: AssetSearchProps) {
  return (
    <form class="search" method="get" action="/assets" role="search" aria-label="Assets">
      <p class="wide">
        <label for="search-q">Name or description</label>
        <input id="search-q" type="search" name="q" value={filter.q ?? ""} />
      </p>
      <p>
        <label for="search-type">Type</label>
        <select id="search-type" name="type">
          <option value="">Any</option>
          {assetTypes.map((type) => (
            <option key={type} value={type} selected={filter.type === type}>
              {capitalize(type)}
            </option>
          ))}
        </select>
      </p>
      <p>
        <label for="search-tag">Tag</label>
        <input id="search-tag" name="tag" value={filter.tag ?? ""} autocapitalize="none" />
      </p>
      <p>
        <label for="search-owner">Owner</label>
        <input id="search-owner" name="owner" value={filter.owner ?? ""} autocapitalize="none" />
      </p>
      <p class="actions">
        <button type="submit">Search</button>
        {filtered && <a href="/assets">Clear</a>}
      </p>
    </form>
  );
}
