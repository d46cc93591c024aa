import { ErrorSummary } from "./error-summary.tsx";
import { Field } from "./field.tsx";
import type { FormState } from "./props.ts";
import { SettingsNavigation } from "./settings-navigation.tsx";

const labels = { username: "Your username", password: "Your password" };

interface DeleteAccountProps {
  readonly username: string;
  /** Whether the user has a password, which is asked for then. */
  readonly password: boolean;
  /** Whether this account can be deleted at all. */
  readonly possible: boolean;
  readonly form: FormState;
}

/** Says what the end of an account means, and asks whether that is wanted. */
export function DeleteAccountPage({ username, password, possible, form }: DeleteAccountProps) {
  return (
    <section class="narrow">
      <h1>Delete your account</h1>
      <SettingsNavigation path="/settings/delete" />
      <div class="notice danger">
        <p>This cannot be undone.</p>
        <ul class="bullets">
          <li>
            All your works are withdrawn: their claims and posts are erased here, their names are never given
            again, and their places in the log say nothing.
          </li>
          <li>The servers of your followers are asked to forget you and all that you posted.</li>
          <li>
            Your email address, password, profile, sessions, linked accounts, blocks, replies and likes are
            erased, and so is whom you follow and who follows you.
          </li>
          <li>
            Of you there remain the username <strong>{username}</strong>, which nobody can ever register
            again, and what the log needs to stay whole.
          </li>
        </ul>
      </div>
      <p>
        You may want to <a href="/settings/data">take your data along</a> first.
      </p>
      {possible ? (
        <>
          <ErrorSummary form={form} labels={labels} />
          <form class="stacked" method="post" action="/settings/delete">
            <Field
              form={form}
              name="username"
              label={labels.username}
              hint={`Type ${username}, to be sure that you mean this account.`}
              autocomplete="off"
              required
            />
            {password && (
              <Field
                form={form}
                name="password"
                label={labels.password}
                type="password"
                autocomplete="current-password"
                required
              />
            )}
            <p class="actions">
              <button class="danger" type="submit">
                Delete my account
              </button>
              <a href="/settings/data">Keep it</a>
            </p>
          </form>
        </>
      ) : (
        <p>You administer this server, which needs your account: it can’t be deleted.</p>
      )}
    </section>
  );
}

export function AccountDeletedPage({ username }: { username: string }) {
  return (
    <section class="narrow">
      <h1>Your account is deleted</h1>
      <p role="status">
        There is no @{username} here any more. Your works are being withdrawn, and the servers of your
        followers are told; that may take some minutes.
      </p>
      <p>
        <a href="/">To the start page</a>
      </p>
    </section>
  );
}
