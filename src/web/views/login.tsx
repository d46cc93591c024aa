import { ErrorSummary } from "./error-summary.tsx";
import { Field } from "./field.tsx";
import type { FormState } from "./props.ts";
import { type ProviderItem, ProviderLinks } from "./provider-links.tsx";

const labels = { username: "Username", password: "Password" };

/** The form to sign in with; `next` is the path to go to afterwards. */
export function LoginPage({
  form,
  next,
  providers = [],
}: {
  form: FormState;
  next: string | null;
  providers?: readonly ProviderItem[];
}) {
  return (
    <section class="narrow">
      <h1>Sign in</h1>
      <ErrorSummary form={form} labels={labels} />
      <form class="stacked" method="post" action="/login">
        {next != null && <input type="hidden" name="next" value={next} />}
        <Field form={form} name="username" label={labels.username} autocomplete="username" required />
        <Field
          form={form}
          name="password"
          label={labels.password}
          type="password"
          autocomplete="current-password"
          required
        />
        <p class="actions">
          <button type="submit">Sign in</button>
        </p>
      </form>
      <ProviderLinks title="Sign in elsewhere" providers={providers} query={next == null ? {} : { next }} />
    </section>
  );
}
