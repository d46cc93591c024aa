import { countLimit } from "../../core/count-limit.ts";
import { splitLinks } from "../../core/links.ts";
import { local } from "../../core/paths.ts";
import { AssetGrid } from "./asset-grid.tsx";
import { Fact, Facts } from "./facts.tsx";
import { FollowRemote } from "./follow-remote.tsx";
import { formatNumber, toParagraphs } from "./format.ts";
import { httpUrl } from "./http-url.ts";
import { FollowButton } from "./interaction.tsx";
import type { ProfileProps } from "./props.ts";
import { When } from "./when.tsx";

/** What a user says of himself: plain text and addresses. */
export interface ProfileTexts {
  readonly name: string | null;
  readonly summary: string | null;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  readonly icon_url: string | null;
  readonly image_url: string | null;
  readonly moved_to: string | null;
}

/** How the visitor can follow: signed in here, from elsewhere, or not at all, since the profile is his own. */
export type FollowChoice =
  | { readonly type: "own" | "remote" }
  | { readonly type: "local"; readonly iri: string };

interface Props extends ProfileProps {
  readonly texts: ProfileTexts;
  readonly follow: FollowChoice;
}

/** A user and their newest works. */
export function ProfilePage({ user, followers, following, assets, more, texts, follow }: Props) {
  return (
    <>
      <ProfileHead username={user.username} handle={user.handle} texts={texts} />
      <Follow username={user.username} follow={follow} />
      <Facts class="numbers">
        <Fact label="Works">
          {formatNumber(user.assets)}
          {user.assets < countLimit ? "" : " or more"}
        </Fact>
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
      <ProfileFields fields={texts.fields} />
      <section aria-labelledby="works">
        <div class="heading">
          <h2 id="works">Works</h2>
          <span>
            {more != null && (
              <>
                <a href={more}>All works</a> ·{" "}
              </>
            )}
            <a href={local.userFeed(user.username)}>Atom feed</a>
          </span>
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

function ProfileHead({ username, handle, texts }: { username: string; handle: string; texts: ProfileTexts }) {
  const [icon, image, moved] = [httpUrl(texts.icon_url), httpUrl(texts.image_url), httpUrl(texts.moved_to)];
  return (
    <header class="profile">
      {image != null && <img class="profile-image" src={image} alt="" />}
      {icon != null && <img class="profile-icon" src={icon} alt="" width={96} height={96} />}
      <h1 dir="auto">{texts.name ?? username}</h1>
      <p class="lead">
        <code class="handle" data-copy="handle">
          {handle}
        </code>
      </p>
      {moved != null && (
        <p class="notice">
          @{username} has moved to{" "}
          <a href={moved} rel="nofollow noopener">
            {moved}
          </a>
          .
        </p>
      )}
      {texts.summary != null &&
        toParagraphs(texts.summary).map((paragraph, at) => (
          <p key={at} class="profile-summary" dir="auto">
            {paragraph}
          </p>
        ))}
    </header>
  );
}

/** The links say `me`, by which the pages they lead to can be told from others' (and confirm them). */
function ProfileFields({ fields }: Pick<ProfileTexts, "fields">) {
  if (fields.length === 0) return null;
  return (
    <Facts class="profile-fields">
      {fields.map(({ name, value }, at) => (
        <Fact key={at} label={name}>
          {splitLinks(value).map(({ text, href }) =>
            href == null ? (
              text
            ) : (
              <a href={href} rel="me nofollow noopener">
                {text}
              </a>
            ),
          )}
        </Fact>
      ))}
    </Facts>
  );
}

function Follow({ username, follow }: { username: string; follow: FollowChoice }) {
  switch (follow.type) {
    case "own":
      return (
        <p>
          <a href="/settings">Edit your profile</a>
        </p>
      );
    case "local":
      return <FollowButton iri={follow.iri} label={`Follow @${username}`} />;
    case "remote":
      return (
        <>
          <p class="muted">To follow, search for this handle on any fediverse server, or start here.</p>
          <FollowRemote username={username} />
        </>
      );
  }
}
