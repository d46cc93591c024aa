import { type ProviderName, providerNames } from "./accounts/providers.ts";

/** What this server is known by at a provider. */
export interface OAuthClient {
  readonly provider: ProviderName;
  readonly id: string;
  readonly secret: string;
}

/** Reads `GITHUB_ID` and `GITHUB_SECRET` and the like. A problem where only one of the two is set. */
export function readOAuthClients(
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): OAuthClient[] {
  return providerNames.flatMap((provider) => {
    const [idName, secretName] = [`${provider.toUpperCase()}_ID`, `${provider.toUpperCase()}_SECRET`];
    const [id, secret] = [env[idName]?.trim() ?? "", env[secretName]?.trim() ?? ""];
    if (id !== "" && secret !== "") return [{ provider, id, secret }];
    if (id !== "") problems.push(`${secretName}: is missing, while ${idName} is set.`);
    if (secret !== "") problems.push(`${idName}: is missing, while ${secretName} is set.`);
    return [];
  });
}
