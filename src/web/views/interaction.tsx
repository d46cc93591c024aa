import { raw } from "hono/html";
import { httpUrl } from "./http-url.ts";

export interface InteractionProps {
  readonly iri: string;
  readonly actor: { readonly url: string; readonly handle: string; readonly name: string | null };
  /** Its content is sanitised HTML. */
  readonly post: { readonly url: string; readonly name: string | null; readonly content: string } | null;
  readonly state: "requested" | "following" | null;
}

/** Somebody of another server, and perhaps a post of theirs, with the button that follows. */
export function InteractionPage({ iri, actor, post, state }: InteractionProps) {
  const profile = httpUrl(actor.url);
  const original = httpUrl(post?.url);
  return (
    <section class="narrow">
      <h1 dir="auto">{actor.name ?? actor.handle}</h1>
      <p class="lead">
        <bdi class="handle">{actor.handle}</bdi>
      </p>
      {profile != null && (
        <p>
          <a href={profile} rel="nofollow noreferrer">
            The profile on its own server
          </a>
        </p>
      )}
      {post != null && (
        <article class="post">
          {post.name != null && <h2 dir="auto">{post.name}</h2>}
          <div class="prose" dir="auto">
            {raw(post.content)}
          </div>
          {original != null && (
            <p>
              <a href={original} rel="nofollow noreferrer">
                The post on its own server
              </a>
            </p>
          )}
        </article>
      )}
      <FollowState iri={iri} handle={actor.handle} state={state} />
    </section>
  );
}

function FollowState({ iri, handle, state }: Pick<InteractionProps, "iri" | "state"> & { handle: string }) {
  if (state === "following") return <p class="muted">You follow {handle}.</p>;
  if (state === "requested") return <p class="muted">You have asked to follow {handle}.</p>;
  return <FollowButton iri={iri} label={`Follow ${handle}`} />;
}

/** Follows an actor in the name of whoever is signed in. */
export function FollowButton({ iri, label }: { readonly iri: string; readonly label: string }) {
  return (
    <form method="post" action="/authorize_interaction">
      <input type="hidden" name="uri" value={iri} />
      <p class="actions">
        <button type="submit">{label}</button>
      </p>
    </form>
  );
}
