import { raw } from "hono/html";
import { local } from "../../core/paths.ts";
import { httpUrl } from "./http-url.ts";
import { When } from "./when.tsx";

/** What a user answered to a post of another server. */
export function ReplyPage({
  username,
  object,
  html,
  published,
}: {
  readonly username: string;
  /** The post that is answered. */
  readonly object: string;
  /** Sanitised. */
  readonly html: string;
  readonly published: string;
}) {
  const href = httpUrl(object);
  return (
    <article class="post">
      <h1>Reply by {username}</h1>
      <p class="muted">
        <a href={local.actor(username)}>{username}</a>, <When at={published} time />
        {href != null && ", in answer to "}
        {href != null && (
          <a href={href} rel="nofollow noreferrer ugc">
            a post
          </a>
        )}
      </p>
      <div class="prose" dir="auto">
        {raw(html)}
      </div>
    </article>
  );
}
