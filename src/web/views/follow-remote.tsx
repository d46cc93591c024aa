import { local } from "../../core/paths.ts";
import { ErrorSummary } from "./error-summary.tsx";
import { Field } from "./field.tsx";
import { httpUrl } from "./http-url.ts";
import type { FormState } from "./props.ts";

const label = "Your handle";

interface FollowRemoteProps {
  readonly username: string;
  readonly form: FormState;
}

/** Asks a visitor for the server where he has his account. */
export function FollowRemoteForm({ username, form }: FollowRemoteProps) {
  return (
    <form class="stacked follow-remote" method="get" action="/follow">
      <input type="hidden" name="of" value={username} />
      <Field
        form={form}
        name="handle"
        label={label}
        hint="Where you are at home in the fediverse, such as @you@server.example"
        autocomplete="off"
        required
      />
      <p class="actions">
        <button type="submit">Follow from your server</button>
      </p>
    </form>
  );
}

/** The same, folded away where it is not what a page is about. */
export function FollowRemote({ username }: Pick<FollowRemoteProps, "username">) {
  return (
    <details class="follow-remote">
      <summary>Follow @{username} from your server</summary>
      <FollowRemoteForm username={username} form={{ values: {}, errors: [] }} />
    </details>
  );
}

/** The form on a page of its own, or the link to the visitor's server that came of it. */
export function FollowRemotePage({ username, form, href }: FollowRemoteProps & { href: string | null }) {
  const target = httpUrl(href);
  return (
    <section class="narrow">
      <h1>
        Follow <a href={local.actor(username)}>@{username}</a>
      </h1>
      {target == null ? (
        <>
          <ErrorSummary form={form} labels={{ handle: label }} />
          <FollowRemoteForm username={username} form={form} />
        </>
      ) : (
        <>
          <p>Your server takes it from here. It may ask you to sign in.</p>
          <p class="actions">
            <a class="button" href={target} rel="nofollow noopener noreferrer">
              Continue on {new URL(target).host}
            </a>
          </p>
        </>
      )}
    </section>
  );
}
