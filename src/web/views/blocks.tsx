import type { LineError } from "../../core/mastodon-csv.ts";
import { AdminNavigation } from "./admin-navigation.tsx";
import { ErrorSummary } from "./error-summary.tsx";
import { Field } from "./field.tsx";
import { formatCount } from "./format.ts";
import { Pagination } from "./pagination.tsx";
import type { FormState } from "./props.ts";
import { SettingsNavigation } from "./settings-navigation.tsx";
import { When } from "./when.tsx";

export interface BlockItem {
  readonly kind: "domain" | "actor";
  readonly target: string;
  readonly handle: string | null;
  readonly reason: string | null;
  readonly created_at: string;
}

interface BlocksPageProps {
  readonly title: string;
  readonly path: string;
  /** Whether they are the whole server's. */
  readonly server: boolean;
  readonly items: readonly BlockItem[];
  readonly next: string | null;
  readonly form: FormState;
}

const labels = { kind: "What", target: "Domain or account", reason: "Reason" };

/** Who is blocked, and the forms to block, to lift a block, and to take lists along. */
export function BlocksPage({ title, path, server, items, next, form }: BlocksPageProps) {
  const files = server ? ["domain_blocks.csv"] : ["blocked_accounts.csv", "blocked_domains.csv"];
  return (
    <section class="narrow">
      <h1>{title}</h1>
      {server ? <AdminNavigation path={path} /> : <SettingsNavigation path={path} />}
      <BlockForm path={path} form={form} />
      {items.length > 0 ? (
        <ul class="following">
          {items.map((item) => (
            <li key={`${item.kind} ${item.target}`}>
              <BlockEntry path={path} item={item} />
            </li>
          ))}
        </ul>
      ) : (
        <p class="empty">Nobody is blocked.</p>
      )}
      <Pagination next={next} label="Older blocks" />
      <h2>Lists</h2>
      {files.map((file) => (
        <ListForm key={file} path={`${path}/${file}`} file={file} />
      ))}
    </section>
  );
}

function BlockForm({ path, form }: Pick<BlocksPageProps, "path" | "form">) {
  return (
    <form class="stacked" method="post" action={path}>
      <ErrorSummary form={form} labels={labels} />
      <Field
        form={form}
        name="kind"
        label={labels.kind}
        required
        options={[
          ["actor", "An account"],
          ["domain", "A domain and its subdomains"],
        ]}
      />
      <Field
        form={form}
        name="target"
        label={labels.target}
        hint="Such as @mallory@example.org, the address of an account, or example.org"
        autocomplete="off"
        required
      />
      <Field form={form} name="reason" label={labels.reason} autocomplete="off" />
      <p class="actions">
        <button type="submit">Block</button>
      </p>
    </form>
  );
}

function BlockEntry({ path, item }: { path: string; item: BlockItem }) {
  const shown = item.handle ?? item.target;
  return (
    <>
      <span>
        <bdi>{shown}</bdi> <span class="muted">since </span>
        <When at={item.created_at} />
        {item.reason != null && <span class="muted"> · {item.reason}</span>}
      </span>
      <form method="post" action={path}>
        <input type="hidden" name="kind" value={item.kind} />
        <input type="hidden" name="unblock" value={item.target} />
        <button class="link" type="submit" aria-label={`Unblock ${shown}`}>
          Unblock
        </button>
      </form>
    </>
  );
}

function ListForm({ path, file }: { path: string; file: string }) {
  const id = `file-${file.replace(".", "-")}`;
  return (
    <form class="stacked" method="post" action={path} enctype="multipart/form-data">
      <p>
        <a href={path} download={file}>
          {file}
        </a>
      </p>
      <div class="field">
        <label for={id}>Add a {file}, as Mastodon exports it</label>
        <input id={id} type="file" name="file" accept=".csv,text/csv" required />
      </div>
      <p class="actions">
        <button type="submit">Import</button>
      </p>
    </form>
  );
}

/** What came of importing a list. */
export function ImportedPage({
  path,
  added,
  errors,
}: {
  path: string;
  added: number;
  errors: readonly LineError[];
}) {
  return (
    <>
      <h1>Import</h1>
      <p role="status">{formatCount(added, "new block")}.</p>
      {errors.length > 0 && (
        <>
          <h2>Not taken</h2>
          <ul>
            {errors.slice(0, 1000).map(({ line, message }) => (
              <li key={line}>
                Line {line}: {message}
              </li>
            ))}
          </ul>
        </>
      )}
      <p>
        <a href={path}>Back to the blocks</a>
      </p>
    </>
  );
}
