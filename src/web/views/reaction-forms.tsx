/** The forms by which a user reacts to a post, of this server or another one. They work without script. */
export function ReactionForms({
  object,
  next,
  liked,
  shared,
  shareable,
}: {
  readonly object: string;
  /** Path of the page to go on to. */
  readonly next: string;
  readonly liked: boolean;
  readonly shared: boolean;
  /** Whether the post is for everybody. */
  readonly shareable: boolean;
}) {
  return (
    <div class="reactions">
      <form method="post" action="/reactions">
        <Target object={object} next={next} />
        <input type="hidden" name="type" value={liked ? "unlike" : "like"} />
        <button class="link" type="submit">
          {liked ? "Unlike" : "Like"}
        </button>
      </form>
      {shareable && (
        <form method="post" action="/shares">
          <Target object={object} next={next} />
          {shared && <input type="hidden" name="undo" value="1" />}
          <button class="link" type="submit">
            {shared ? "Unshare" : "Share"}
          </button>
        </form>
      )}
      <details>
        <summary>Reply</summary>
        <form class="stacked" method="post" action="/reactions">
          <Target object={object} next={next} />
          <input type="hidden" name="type" value="reply" />
          <label>
            Your reply
            <textarea name="content" rows={4} maxlength={5000} required />
          </label>
          <p class="actions">
            <button type="submit">Send reply</button>
          </p>
        </form>
      </details>
    </div>
  );
}

function Target({ object, next }: { object: string; next: string }) {
  return (
    <>
      <input type="hidden" name="object" value={object} />
      <input type="hidden" name="next" value={next} />
    </>
  );
}
