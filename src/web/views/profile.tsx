import { local } from "../../core/paths.ts";
import { AssetGrid } from "./asset-grid.tsx";
import { Fact, Facts } from "./facts.tsx";
import { formatNumber } from "./format.ts";
import type { ProfileProps } from "./props.ts";
import { When } from "./when.tsx";

/** A user and their newest works. */
export function ProfilePage({ user, followers, following, assets, more }: ProfileProps) {
  return (
    <>
      <h1>{user.username}</h1>
      <p class="lead">
        <code class="handle" data-copy="handle">
          {user.handle}
        </code>
      </p>
      <p class="muted">To follow, search for this handle on any fediverse server.</p>
      <Facts class="numbers">
        <Fact label="Works">{formatNumber(user.assets)}</Fact>
        <Fact label="Followers">
          <a href={`${local.actor(user.username)}/followers`}>{formatNumber(followers)}</a>
        </Fact>
        <Fact label="Following">
          <a href={`${local.actor(user.username)}/following`}>{formatNumber(following)}</a>
        </Fact>
        <Fact label="Since">
          <When at={user.created_at} />
        </Fact>
      </Facts>
      <section aria-labelledby="works">
        <div class="heading">
          <h2 id="works">Works</h2>
          {more != null && <a href={more}>All works</a>}
        </div>
        {assets.length > 0 ? (
          <AssetGrid assets={assets} />
        ) : (
          <p class="empty">
            @{user.username} has not registered anything yet. Meanwhile,{" "}
            <a href="/assets">see everybody's works</a>.
          </p>
        )}
      </section>
    </>
  );
}
