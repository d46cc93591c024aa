import { httpUrl } from "./http-url.ts";
import type { HomeFeedProps } from "./props.ts";

/** Whom a user follows, each with a button that ends it. */
export function FollowingList({ following }: Pick<HomeFeedProps, "following">) {
  if (following.length === 0) return null;
  return (
    <section aria-labelledby="following">
      <h2 id="following">Following</h2>
      <ul class="following">
        {following.map(({ handle, url, accepted }) => {
          const href = httpUrl(url);
          return (
            <li key={url}>
              <span>
                {href == null ? <bdi>{handle}</bdi> : <a href={href}>{handle}</a>}
                {!accepted && " "}
                {!accepted && <span class="badge">Requested</span>}
              </span>
              <form method="post" action="/home">
                <input type="hidden" name="unfollow" value={url} />
                <button class="link" type="submit" aria-label={`Unfollow ${handle}`}>
                  Unfollow
                </button>
              </form>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
