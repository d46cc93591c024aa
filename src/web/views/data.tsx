import { SettingsNavigation } from "./settings-navigation.tsx";

/** What users can take along, and the way out. */
export function DataPage({ username }: { username: string }) {
  return (
    <section class="narrow">
      <h1>Your data</h1>
      <SettingsNavigation path="/settings/data" />
      <section aria-labelledby="export-title">
        <h2 id="export-title">Take it along</h2>
        <ul class="bullets">
          <li>
            <a href="/settings/export" download={`artdag-${username}.json`}>
              Everything, as JSON
            </a>
            : your profile, your works with their claims, changes and posts exactly as they were signed, your
            shares, likes and replies, followers, whom you follow, and whom you block.
          </li>
          <li>
            <a href="/settings/following.csv" download="following.csv">
              Whom you follow, as CSV
            </a>
            , which Mastodon and others import.
          </li>
          <li>
            <a href="/settings/blocks/blocked_accounts.csv" download="blocked_accounts.csv">
              Accounts
            </a>{" "}
            and{" "}
            <a href="/settings/blocks/blocked_domains.csv" download="blocked_domains.csv">
              domains
            </a>{" "}
            that you block, as CSV.
          </li>
        </ul>
      </section>
      <section aria-labelledby="delete-title">
        <h2 id="delete-title">Leave</h2>
        <p>
          <a href="/settings/delete">Delete your account</a> and all that is in it. You are asked once more.
        </p>
      </section>
    </section>
  );
}
