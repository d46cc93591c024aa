import { raw } from "hono/html";
import { local } from "../../core/paths.ts";
import { AssetGrid } from "./asset-grid.tsx";
import { Fact, Facts } from "./facts.tsx";
import { formatNumber } from "./format.ts";
import type { HomeProps } from "./props.ts";

/** What this server is: its newest works, its numbers, and the README. */
export function HomePage({ users, assets, activities, latest, readme }: HomeProps) {
  return (
    <>
      <section class="intro">
        <h1>Who made it, on record</h1>
        <p class="lead">
          Artists register their works here. Each claim names the work by the hash of its bytes, is signed by
          its artist, and reaches their followers across the fediverse.
        </p>
        <Facts class="numbers">
          <Fact label="Assets">
            <a href="/assets">{formatNumber(assets)}</a>
          </Fact>
          <Fact label="Users">
            <a href="/users">{formatNumber(users)}</a>
          </Fact>
          <Fact label="Activities">
            <a href="/activities">{formatNumber(activities)}</a>
          </Fact>
        </Facts>
      </section>
      <section aria-labelledby="latest">
        <div class="heading">
          <h2 id="latest">Latest works</h2>
          {latest.length > 0 && (
            <span>
              <a href="/assets">All works</a> · <a href={local.feed}>Atom feed</a>
            </span>
          )}
        </div>
        {latest.length > 0 ? (
          <AssetGrid assets={latest} />
        ) : (
          <p class="empty">
            Nothing has been registered yet. <a href="/new">Register the first work</a>.
          </p>
        )}
      </section>
      <section class="prose about" aria-label="About this server">
        {raw(readme)}
      </section>
    </>
  );
}
