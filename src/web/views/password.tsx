import { ErrorSummary } from "./error-summary.tsx";
import { Field } from "./field.tsx";
import type { FormState } from "./props.ts";
import { SettingsNavigation } from "./settings-navigation.tsx";

const labels = { current_password: "Current password", new_password: "New password" };

interface PasswordProps {
  readonly username: string;
  /** Whether the user has a password already. */
  readonly known: boolean;
  readonly form: FormState;
}

/** The form for another password. */
export function PasswordPage({ username, known, form }: PasswordProps) {
  return (
    <section class="narrow">
      <h1>Your password</h1>
      <SettingsNavigation path="/settings/password" />
      <p>All your other sessions end when it changes, and so do the tokens of programs.</p>
      <ErrorSummary form={form} labels={labels} />
      <form class="stacked" method="post" action="/settings/password">
        <input type="hidden" name="username" value={username} autocomplete="username" />
        {known && (
          <Field
            form={form}
            name="current_password"
            label={labels.current_password}
            type="password"
            autocomplete="current-password"
            required
          />
        )}
        <Field
          form={form}
          name="new_password"
          label={labels.new_password}
          hint="At least 8 characters."
          type="password"
          autocomplete="new-password"
          required
        />
        <p class="actions">
          <button type="submit">{known ? "Change the password" : "Set the password"}</button>
        </p>
      </form>
    </section>
  );
}

export function PasswordChangedPage() {
  return (
    <section class="narrow">
      <h1>Your password</h1>
      <SettingsNavigation path="/settings/password" />
      <p role="status">It is changed. You are still signed in here, and nowhere else.</p>
    </section>
  );
}
