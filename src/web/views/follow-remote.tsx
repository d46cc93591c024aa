import { local } from "../../core/paths.ts";
import { ErrorSummary } from "./error-summary.tsx";
import { Field } from "./field.tsx";
import { httpUrl } from "./http-url.ts";
import type { FormState } from "./props.ts";

const label = "Your handle";

interface FollowRemoteProps {
  readonly username: string;
  /** Name of the work of theirs that is to be shared, liked or answered; absent: they are to be followed. */
  readonly work?: string | undefined;
  readonly form: FormState;
}

/** Asks a visitor for the server where he has his account. */
export function FollowRemoteForm({ username, work, form }: FollowRemoteProps) {
  return (
    <form class="stacked follow-remote" method="get" action="/follow">
      <input type="hidden" name="of" value={username} />
      {work != null && <input type="hidden" name="work" value={work} />}
      <Field
        form={form}
        name="handle"
        label={label}
        hint="Where you are at home in the fediverse, such as @you@server.example"
        autocomplete="off"
        required
      />
      <p class="actions">
        <button type="submit">{work == null ? "Follow from your server" : "Open it on your server"}</button>
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
export function FollowRemotePage({
  username,
  work,
  form,
  href,
}: FollowRemoteProps & { href: string | null }) {
  const target = httpUrl(href);
  return (
    <section class="narrow">
      <h1>
        {work == null ? "Follow " : "Share, like or answer "}
        {work == null ? (
          <a href={local.actor(username)}>@{username}</a>
        ) : (
          <a href={local.assetPage(work)} dir="auto">
            {work}
          </a>
        )}
      </h1>
      {target == null ? (
        <>
          <ErrorSummary form={form} labels={{ handle: label }} />
          <FollowRemoteForm username={username} work={work} form={form} />
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
