import { local } from "../../core/paths.ts";
import { httpUrl } from "./http-url.ts";
import { Pagination } from "./pagination.tsx";

export interface ActorsProps {
  /** What the list is: `Followers` or `Following`. */
  readonly title: string;
  readonly username: string;
  readonly actors: readonly { readonly url: string; readonly handle: string; readonly name: string | null }[];
  readonly next: string | null;
}

/** Actors of other servers who follow a user, or are followed. */
export function ActorsPage({ title, username, actors, next }: ActorsProps) {
  return (
    <>
      <div class="heading">
        <h1>{title}</h1>
        <p class="muted">
          of <a href={local.actor(username)}>@{username}</a>
        </p>
      </div>
      {actors.length > 0 ? (
        <ul class="people">
          {actors.map(({ url, handle, name }) => (
            <li key={url}>
              <ActorName url={url} text={name ?? handle} />
              {name != null && <bdi class="muted">{handle}</bdi>}
            </li>
          ))}
        </ul>
      ) : (
        <p class="empty">
          Nobody yet. On <a href={local.actor(username)}>the profile</a> stands the handle to follow.
        </p>
      )}
      <Pagination next={next} label="More" />
    </>
  );
}

function ActorName({ url, text }: { url: string; text: string }) {
  const href = httpUrl(url);
  if (href == null) return <bdi class="person">{text}</bdi>;
  return (
    <a class="person" href={href} rel="nofollow noreferrer" dir="auto">
      {text}
    </a>
  );
}
