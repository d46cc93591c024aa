import { raw } from "hono/html";
import { httpUrl } from "./http-url.ts";
import type { HomeFeedPost } from "./props.ts";
import { ReactionForms } from "./reaction-forms.tsx";
import { When } from "./when.tsx";

/** A post of somebody on another server. */
export function FeedPost({ post }: { post: HomeFeedPost }) {
  const actor = httpUrl(post.actor);
  const url = httpUrl(post.url ?? post.id);
  return (
    <article class="post">
      <header>
        {actor == null ? (
          <bdi class="author">{post.author}</bdi>
        ) : (
          <a class="author" href={actor} rel="noreferrer" dir="auto">
            {post.author}
          </a>
        )}
        {url == null ? (
          <When at={post.published} time />
        ) : (
          <a class="muted" href={url} rel="noreferrer">
            <When at={post.published} time />
          </a>
        )}
      </header>
      <div class="prose" dir="auto">
        {raw(post.content)}
      </div>
      {post.claim != null && <ClaimBadge claim={post.claim} />}
      <ReactionForms
        object={post.id}
        next="/home"
        liked={post.liked}
        shared={post.shared}
        shareable={post.shareable}
      />
    </article>
  );
}

function ClaimBadge({ claim }: { claim: NonNullable<HomeFeedPost["claim"]> }) {
  const href = httpUrl(claim.url);
  return (
    <p class="claim">
      <span class={claim.verified && !claim.withdrawn ? "badge good" : "badge warn"}>
        {claim.withdrawn ? "Claim withdrawn" : claim.verified ? "Verified claim" : "Claim not verified"}
      </span>
      {href != null && (
        <a href={href} rel="noreferrer">
          See the claim
        </a>
      )}
      {claim.content_hash != null && (
        <span>
          <code class="hash" data-copy="hash">
            {claim.content_hash}
          </code>
        </span>
      )}
    </p>
  );
}
