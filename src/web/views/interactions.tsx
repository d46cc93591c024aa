import { raw } from "hono/html";
import { formatNumber, toParagraphs } from "./format.ts";
import { httpUrl } from "./http-url.ts";
import { ReactionForms } from "./reaction-forms.tsx";
import { When } from "./when.tsx";

export interface ReplyItem {
  readonly url: string;
  /** Display name and handle. */
  readonly author: string;
  /** IRI of a remote author. */
  readonly actor: string | null;
  /** Sanitised HTML that came from another server. */
  readonly html: string | null;
  /** Plain text that was written here. */
  readonly text: string | null;
  readonly published: string;
}

export interface InteractionsProps {
  /** The Note. */
  readonly object: string;
  /** URL of the page. */
  readonly page: string;
  /** Where those go on who have their account elsewhere. */
  readonly remote: string;
  readonly likes: number;
  readonly shares: number;
  readonly replies: number;
  /** Newest first. */
  readonly items: readonly ReplyItem[];
  /** What the visitor did, where he is signed in. */
  readonly own: { readonly liked: boolean; readonly shared: boolean } | undefined;
}

/** What people here and elsewhere made of a work's post. */
export function Interactions({
  object,
  page,
  remote,
  likes,
  shares,
  replies,
  items,
  own,
}: InteractionsProps) {
  return (
    <section class="interactions" aria-labelledby="reactions">
      <h2 id="reactions">Reactions</h2>
      <p class="counts">
        <Count number={likes} one="like" many="likes" /> · <Count number={shares} one="share" many="shares" />{" "}
        · <Count number={replies} one="reply" many="replies" />
      </p>
      {own == null ? (
        <p>
          <a href={remote}>Share, like or answer from your server</a>
        </p>
      ) : (
        <ReactionForms object={object} next={new URL(page).pathname} {...own} shareable={true} />
      )}
      {items.length > 0 && (
        <ol class="replies" id="replies">
          {items.map((item) => (
            <li key={item.url}>
              <Reply item={item} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Count({ number, one, many }: { number: number; one: string; many: string }) {
  return (
    <span>
      {formatNumber(number)} {number === 1 ? one : many}
    </span>
  );
}

function Reply({ item }: { item: ReplyItem }) {
  const actor = item.actor == null ? undefined : httpUrl(item.actor);
  const url = httpUrl(item.url);
  return (
    <article class="post">
      <header>
        {actor == null ? (
          <bdi class="author">{item.author}</bdi>
        ) : (
          <a class="author" href={actor} rel="nofollow noreferrer ugc" dir="auto">
            {item.author}
          </a>
        )}
        {url == null ? (
          <When at={item.published} time />
        ) : (
          <a class="muted" href={url} rel="nofollow noreferrer ugc">
            <When at={item.published} time />
          </a>
        )}
      </header>
      <div class="prose" dir="auto">
        {item.html == null
          ? toParagraphs(item.text ?? "").map((paragraph, at) => <p key={at}>{paragraph}</p>)
          : raw(item.html)}
      </div>
    </article>
  );
}
