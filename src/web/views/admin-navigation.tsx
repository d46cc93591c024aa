const pages = [
  ["/admin/reports", "Reports"],
  ["/admin/blocks", "Blocks"],
  ["/admin/users", "Accounts"],
  ["/admin/queues", "Queues"],
] as const;

/** The way from each page of the administration to the others. */
export function AdminNavigation({ path }: { path: string }) {
  return (
    <nav class="settings-nav" aria-label="Administration">
      <ul>
        {pages.map(([href, label]) => (
          <li key={href}>
            <a href={href} aria-current={href === path ? "page" : undefined}>
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
