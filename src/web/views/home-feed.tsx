import { ErrorSummary } from "./error-summary.tsx";
import { FeedPost } from "./feed-post.tsx";
import { Field } from "./field.tsx";
import { FollowingList } from "./following-list.tsx";
import { Pagination } from "./pagination.tsx";
import type { FormState, HomeFeedProps } from "./props.ts";

const labels = { handle: "Follow an artist" };

/** What the artists that a user follows have published, and the form to follow more. */
export function HomeFeedPage({ posts, next, following, notice, form }: HomeFeedProps) {
  return (
    <>
      <h1>Home feed</h1>
      {notice != null && (
        <p class="notice" role="status">
          {notice}
        </p>
      )}
      <FollowForm form={form} />
      <div class="feed-columns">
        <section aria-labelledby="posts">
          <h2 id="posts">Posts</h2>
          {posts.length > 0 ? (
            <ul class="feed">
              {posts.map((post) => (
                <li key={post.id}>
                  <FeedPost post={post} />
                </li>
              ))}
            </ul>
          ) : (
            <Empty waiting={following.length > 0} />
          )}
          <Pagination next={next} label="Older posts" />
        </section>
        <FollowingList following={following} />
      </div>
    </>
  );
}

function Empty({ waiting }: { waiting: boolean }) {
  return (
    <p class="empty">
      {waiting
        ? "No posts yet. What the artists you follow publish from now on will appear here."
        : "You follow nobody yet. Enter an artist's handle above: what they publish will appear here."}
    </p>
  );
}

function FollowForm({ form }: { form: FormState }) {
  return (
    <form class="stacked follow" method="post" action="/home">
      <ErrorSummary form={form} labels={labels} />
      <Field
        form={form}
        name="handle"
        label={labels.handle}
        hint="Their handle, such as @alice@example.org"
        autocomplete="off"
        required
      />
      <p class="actions">
        <button type="submit">Follow</button>
      </p>
    </form>
  );
}
