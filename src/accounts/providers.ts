import { z } from "zod";

/** Where a provider asks its users, gives tokens for codes, and says who somebody is. */
export interface ProviderEndpoints {
  readonly authorize: string;
  readonly token: string;
  readonly user: string;
}

/** Somebody's account elsewhere. */
export interface Identity {
  readonly provider: ProviderName;
  /** What never changes and is never given to somebody else: no name, no email address. */
  readonly subject: string;
  /** What the provider calls them, for people to recognise. */
  readonly label: string;
}

/** What is particular to a provider. */
export interface ProviderFacts {
  /** Its name as people know it. */
  readonly title: string;
  readonly endpoints: ProviderEndpoints;
  /** As little as it takes to learn the subject. */
  readonly scope: string;
  /** Whether it takes PKCE (RFC 7636) of a client that has a secret. */
  readonly pkce: boolean;
  /** Reads the subject and a label from the answer of its `user` endpoint. */
  readonly user: z.ZodType<Pick<Identity, "subject" | "label">>;
}

const text = z.string().min(1).max(255);

/** The providers that this server knows; each is offered where it is configured. */
export const providerFacts = {
  github: {
    title: "GitHub",
    endpoints: {
      authorize: "https://github.com/login/oauth/authorize",
      token: "https://github.com/login/oauth/access_token",
      user: "https://api.github.com/user",
    },
    scope: "",
    pkce: true,
    // A login can be given up, and taken by somebody else; the id can't.
    user: z
      .object({ id: z.int().positive(), login: text })
      .transform(({ id, login }) => ({ subject: String(id), label: login })),
  },
  google: {
    title: "Google",
    endpoints: {
      authorize: "https://accounts.google.com/o/oauth2/v2/auth",
      token: "https://oauth2.googleapis.com/token",
      user: "https://openidconnect.googleapis.com/v1/userinfo",
    },
    scope: "openid profile",
    pkce: true,
    user: z
      .object({ sub: text, name: text.optional() })
      .transform(({ sub, name }) => ({ subject: sub, label: name ?? sub })),
  },
  discord: {
    title: "Discord",
    endpoints: {
      authorize: "https://discord.com/oauth2/authorize",
      token: "https://discord.com/api/oauth2/token",
      user: "https://discord.com/api/users/@me",
    },
    scope: "identify",
    // It is said to take PKCE only of clients that have no secret.
    pkce: false,
    user: z
      .object({ id: text, username: text })
      .transform(({ id, username }) => ({ subject: id, label: username })),
  },
} as const satisfies Record<string, ProviderFacts>;

export type ProviderName = keyof typeof providerFacts;

export const providerNames = Object.keys(providerFacts) as readonly ProviderName[];
