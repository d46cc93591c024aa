import { local } from "../../core/paths.ts";

/** Where users may sign in with an account they have elsewhere. */
export interface ProviderItem {
  readonly name: string;
  readonly title: string;
}

interface ProviderLinksProps {
  readonly title: string;
  readonly providers: readonly ProviderItem[];
  /** What is to be known again when the visitor comes back. */
  readonly query: Readonly<Record<string, string>>;
}

/** The ways to sign in with an account elsewhere; nothing where this server has none. */
export function ProviderLinks({ title, providers, query }: ProviderLinksProps) {
  if (providers.length === 0) return null;
  return (
    <section aria-labelledby="providers-title">
      <h2 id="providers-title">{title}</h2>
      <p class="actions">
        {providers.map((provider) => (
          <a key={provider.name} class="button" href={local.beginOauth(provider.name, query)}>
            Continue with {provider.title}
          </a>
        ))}
      </p>
    </section>
  );
}
