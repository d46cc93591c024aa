const pages = [
  ["/settings", "Profile"],
  ["/settings/password", "Password"],
  ["/settings/sign-ins", "Ways to sign in"],
  ["/settings/sessions", "Sessions"],
  ["/settings/blocks", "Blocks"],
  ["/settings/data", "Your data"],
] as const;

/** Pages that are reached from one of those, and not by a link of their own here. */
const within: Readonly<Record<string, string>> = { "/settings/delete": "/settings/data" };

/** The way from each page of the settings to the others. */
export function SettingsNavigation({ path }: { path: string }) {
  return (
    <nav class="settings-nav" aria-label="Settings">
      <ul>
        {pages.map(([href, label]) => (
          <li key={href}>
            <a href={href} aria-current={href === path ? "page" : within[path] === href ? "true" : undefined}>
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
