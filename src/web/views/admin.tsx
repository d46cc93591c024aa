import { local } from "../../core/paths.ts";
import { AdminNavigation } from "./admin-navigation.tsx";
import { formatCount } from "./format.ts";
import { httpUrl } from "./http-url.ts";
import { Pagination } from "./pagination.tsx";
import { When } from "./when.tsx";

export interface ReportItem {
  readonly id: number;
  /** IRI of who reports: mostly a server's own actor. */
  readonly actor: string;
  /** IRIs of what is reported. */
  readonly objects: readonly string[];
  readonly content: string | null;
  readonly created_at: string;
  readonly resolved_at: string | null;
}

export interface AccountItem {
  readonly username: string;
  readonly admin: boolean;
  readonly created_at: string;
  readonly suspended_at: string | null;
}

const matters = [
  ["/admin/reports", "Reports", "What other servers say of the users here."],
  ["/admin/blocks", "Blocks", "Servers and accounts that this whole server has nothing to do with."],
  ["/admin/users", "Accounts", "Who has one here, and who is suspended."],
  ["/admin/queues", "Queues", "What the server is busy with, what it has given up, and which servers fail."],
] as const;

/** What there is to administer. */
export function AdminPage({ openReports }: { openReports: number }) {
  const open = openReports > 99 ? "100 or more open" : `${openReports} open`;
  return (
    <section class="narrow">
      <h1>Administration</h1>
      <ul class="ledger">
        {matters.map(([href, title, text]) => (
          <li key={href}>
            <div>
              <h2>
                <a href={href}>{title}</a>{" "}
                {href === "/admin/reports" && (
                  <span class={openReports > 0 ? "badge warn" : "badge"}>{open}</span>
                )}
              </h2>
              <p class="muted">{text}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What other servers have reported. */
export function ReportsPage({
  items,
  next,
  all,
}: {
  items: readonly ReportItem[];
  next: string | null;
  all: boolean;
}) {
  return (
    <>
      <div class="heading">
        <h1>Reports</h1>
        <p>
          {all ? (
            <a href="/admin/reports">Open ones only</a>
          ) : (
            <a href="/admin/reports?all">Resolved ones too</a>
          )}
        </p>
      </div>
      <AdminNavigation path="/admin/reports" />
      {items.length > 0 ? (
        <ul class="feed">
          {items.map((report) => (
            <li key={report.id}>
              <Report report={report} />
            </li>
          ))}
        </ul>
      ) : (
        <p class="empty">There are no {all ? "" : "open "}reports.</p>
      )}
      <Pagination next={next} label="Older reports" />
    </>
  );
}

function Report({ report }: { report: ReportItem }) {
  return (
    <>
      <p class="muted">
        <When at={report.created_at} /> from <bdi>{report.actor}</bdi>
      </p>
      {report.content != null && <p>{report.content}</p>}
      <ul>
        {report.objects.map((object) => {
          const href = httpUrl(object);
          return <li key={object}>{href == null ? <bdi>{object}</bdi> : <a href={href}>{object}</a>}</li>;
        })}
      </ul>
      {report.resolved_at == null ? (
        <form method="post" action={`/admin/reports/${report.id}/resolve`}>
          <button type="submit">Mark as resolved</button>
        </form>
      ) : (
        <p class="muted">
          Resolved <When at={report.resolved_at} />
        </p>
      )}
    </>
  );
}

/** Every account, with the button that suspends it or lifts that. */
export function AdminUsersPage({
  items,
  next,
  self,
}: {
  items: readonly AccountItem[];
  next: string | null;
  /** Who looks: nobody suspends himself. */
  self: string;
}) {
  return (
    <>
      <div class="heading">
        <h1>Accounts</h1>
        <p class="muted">{formatCount(items.length, "account")} on this page</p>
      </div>
      <AdminNavigation path="/admin/users" />
      <ul class="following">
        {items.map((account) => (
          <li key={account.username}>
            <AccountEntry account={account} self={self} />
          </li>
        ))}
      </ul>
      <Pagination next={next} label="More accounts" />
    </>
  );
}

function AccountEntry({ account, self }: { account: AccountItem; self: string }) {
  const { username, suspended_at: suspended } = account;
  const path = `/admin/users/${username}/${suspended == null ? "suspend" : "unsuspend"}`;
  return (
    <>
      <span>
        <a href={local.actor(username)}>{username}</a>{" "}
        {account.admin && <span class="badge">Administrator</span>}
        {suspended != null && (
          <span class="muted">
            suspended <When at={suspended} />
          </span>
        )}
      </span>
      {username !== self && (
        <form method="post" action={path}>
          <button
            class="link"
            type="submit"
            aria-label={`${suspended == null ? "Suspend" : "Unsuspend"} ${username}`}
          >
            {suspended == null ? "Suspend" : "Unsuspend"}
          </button>
        </form>
      )}
    </>
  );
}
