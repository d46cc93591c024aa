import { ErrorSummary } from "./error-summary.tsx";
import type { FormState } from "./props.ts";
import type { ProviderItem } from "./provider-links.tsx";
import { SettingsNavigation } from "./settings-navigation.tsx";
import { When } from "./when.tsx";

export interface SignInItem {
  readonly id: number;
  readonly provider: string;
  /** What the provider calls the user. */
  readonly label: string;
  readonly created_at: string;
  readonly used_at: string | null;
}

interface SignInsProps {
  readonly items: readonly SignInItem[];
  /** Whether the user has a password. */
  readonly password: boolean;
  readonly providers: readonly ProviderItem[];
  readonly form: FormState;
}

const path = "/settings/sign-ins";

/** The accounts elsewhere by which a user signs in, and the forms to link and unlink them. */
export function SignInsPage({ items, password, providers, form }: SignInsProps) {
  return (
    <section class="narrow">
      <h1>Ways to sign in</h1>
      <SettingsNavigation path={path} />
      <ErrorSummary form={form} labels={{}} />
      <p>
        {password ? "You have a password." : "You have no password."}{" "}
        <a href="/settings/password">{password ? "Change it" : "Set one"}</a>
      </p>
      <section aria-labelledby="elsewhere-title">
        <h2 id="elsewhere-title">Accounts elsewhere</h2>
        {items.length > 0 ? (
          <ul class="following">
            {items.map((item) => (
              <li key={item.id}>
                <SignInEntry item={item} title={findTitle(providers, item.provider)} />
              </li>
            ))}
          </ul>
        ) : (
          <p class="empty">You have linked none.</p>
        )}
        {providers.length > 0 && (
          <form class="stacked" method="post" action={path}>
            <p class="actions">
              {providers.map(({ name, title }) => (
                <button key={name} type="submit" name="link" value={name}>
                  Link an account at {title}
                </button>
              ))}
            </p>
          </form>
        )}
      </section>
    </section>
  );
}

function SignInEntry({ item, title }: { item: SignInItem; title: string }) {
  return (
    <>
      <span>
        {title}: <bdi>{item.label}</bdi> <span class="muted">since </span>
        <When at={item.created_at} />
        {item.used_at != null && (
          <>
            <span class="muted">, last used </span>
            <When at={item.used_at} />
          </>
        )}
      </span>
      <form method="post" action={path}>
        <input type="hidden" name="unlink" value={item.id} />
        <button class="link" type="submit" aria-label={`Unlink ${item.label} at ${title}`}>
          Unlink
        </button>
      </form>
    </>
  );
}

/** A provider that is not configured any more has its bare name. */
function findTitle(providers: readonly ProviderItem[], name: string): string {
  return providers.find((provider) => provider.name === name)?.title ?? name;
}

/** Leads on to a provider. */
export function ContinuePage({ title, url }: { title: string; url: string }) {
  return (
    <section class="narrow">
      <h1>To {title}</h1>
      <p>{title} will ask you whether it may tell this server who you are.</p>
      <p class="actions">
        <a class="button" href={url}>
          Continue to {title}
        </a>
      </p>
    </section>
  );
}
