import { ErrorSummary } from "./error-summary.tsx";
import { Field } from "./field.tsx";
import type { FormState } from "./props.ts";
import { type ProviderItem, ProviderLinks } from "./provider-links.tsx";

const labels = { username: "Username", password: "Password", email: "Email", invite: "Invitation" };

/** The form for a new account. */
export function RegisterPage({
  form,
  providers = [],
}: {
  form: FormState;
  providers?: readonly ProviderItem[];
}) {
  const { invite } = form.values;
  return (
    <section class="narrow">
      <h1>Register</h1>
      <p>
        An account lets you register works and be followed. Have one already? <a href="/login">Sign in</a>.
      </p>
      <ErrorSummary form={form} labels={labels} />
      <form class="stacked" method="post" action="/register">
        <Field
          form={form}
          name="username"
          label={labels.username}
          hint="1 to 30 letters a-z, digits or _. It cannot be changed."
          autocomplete="username"
          required
        />
        <Field
          form={form}
          name="password"
          label={labels.password}
          hint="At least 8 characters."
          type="password"
          autocomplete="new-password"
          required
        />
        <Field
          form={form}
          name="email"
          label={labels.email}
          hint="Never shown to anybody."
          type="email"
          autocomplete="email"
        />
        {invite != null && <input type="hidden" name="invite" value={invite} />}
        <p class="actions">
          <button type="submit">Register</button>
        </p>
      </form>
      <ProviderLinks
        title="Register without a password"
        providers={providers}
        query={invite == null ? {} : { invite }}
      />
    </section>
  );
}
