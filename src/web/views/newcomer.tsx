import { ErrorSummary } from "./error-summary.tsx";
import { Field } from "./field.tsx";
import type { FormState } from "./props.ts";

const labels = { username: "Username", invite: "Invitation", account: "Your username", password: "Password" };

interface NewcomerProps {
  /** The provider's name. */
  readonly title: string;
  /** What the provider calls the visitor. */
  readonly label: string;
  readonly registration: "open" | "invite" | "closed";
  readonly register: FormState;
  readonly link: FormState;
}

/** For who has signed in elsewhere with an account that no user here has linked: a new user, or the link to one. */
export function NewcomerPage({ title, label, registration, register, link }: NewcomerProps) {
  return (
    <section class="narrow">
      <h1>Almost there</h1>
      <p>
        You are <bdi>{label}</bdi> at {title}. Nobody here signs in with that account yet.
      </p>
      <ErrorSummary form={register} labels={labels} />
      <ErrorSummary form={link} labels={labels} />
      {registration !== "closed" && <RegisterForm invited={registration === "invite"} form={register} />}
      <section aria-labelledby="link-title">
        <h2 id="link-title">I have an account here</h2>
        <p>Sign in with it once, and it is linked.</p>
        <form class="stacked" method="post" action="/login/linked">
          <Field form={link} name="account" label={labels.account} autocomplete="username" required />
          <Field
            form={link}
            name="password"
            label={labels.password}
            type="password"
            autocomplete="current-password"
            required
          />
          <p class="actions">
            <button type="submit">Sign in and link</button>
          </p>
        </form>
      </section>
    </section>
  );
}

function RegisterForm({ invited, form }: { invited: boolean; form: FormState }) {
  return (
    <section aria-labelledby="register-title">
      <h2 id="register-title">I am new</h2>
      <form class="stacked" method="post" action="/register/linked">
        <Field
          form={form}
          name="username"
          label={labels.username}
          hint="1 to 30 letters a-z, digits or _. It cannot be changed."
          autocomplete="username"
          required
        />
        {invited && <Field form={form} name="invite" label={labels.invite} autocomplete="off" required />}
        <p class="actions">
          <button type="submit">Register</button>
        </p>
      </form>
    </section>
  );
}
