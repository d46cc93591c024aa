import { local } from "../../core/paths.ts";
import type { LedgerEntryJson, LedgerTotalsJson } from "../ledger-json.ts";
import { formatCount, formatNumber } from "./format.ts";
import { Pagination } from "./pagination.tsx";
import { When } from "./when.tsx";

export interface LedgerProps {
  /** Of the asset. */
  readonly name: string;
  readonly hosts: readonly LedgerEntryJson[];
  readonly totals: LedgerTotalsJson;
  readonly next: string | null;
  /** To what state the list is narrowed. */
  readonly state: string | null;
}

const states = [
  ["delivered", "Delivered"],
  ["waiting", "Waiting"],
  ["refused", "Refused"],
  ["given_up", "Given up"],
] as const;

/** What became of the deliveries of a post, server by server. */
export function LedgerPage({ name, hosts, totals, next, state }: LedgerProps) {
  const address = local.deliveries(name);
  const open = totals.waiting + totals.given_up;
  return (
    <section id="deliveries" data-refresh={totals.waiting > 0 ? "5" : undefined}>
      <div class="heading">
        <h1>Deliveries</h1>
        {open > 0 && <SendAgain address={address} label="Send all again" />}
      </div>
      <p class="lead">
        The post of{" "}
        <a href={local.assetPage(name)} dir="auto">
          {name}
        </a>{" "}
        and its changes go to {formatCount(totals.inboxes, "inbox", "inboxes")} on{" "}
        {formatCount(totals.hosts, "server")}.
      </p>
      <ul class="inline">
        <li>
          <a href={address} aria-current={state == null ? "page" : undefined}>
            All
          </a>
        </li>
        {states.map(([key, label]) => (
          <li key={key}>
            <a href={`${address}?state=${key}`} aria-current={state === key ? "page" : undefined}>
              {label} ({formatNumber(totals[key])})
            </a>
          </li>
        ))}
      </ul>
      {hosts.length === 0 ? (
        <p class="empty">
          {state == null ? "Nothing was sent to another server yet." : "There is nothing here."}
        </p>
      ) : (
        <ul class="ledger">
          {hosts.map((entry) => (
            <Entry key={entry.host} entry={entry} address={address} />
          ))}
        </ul>
      )}
      <Pagination next={next} label="More servers" />
    </section>
  );
}

function Entry({ entry, address }: { entry: LedgerEntryJson; address: string }) {
  const { host, last_delivered_at: last, next_try_at: nextTry } = entry;
  return (
    <li>
      <div>
        <h2>
          <bdi>{host}</bdi>
        </h2>
        <p>
          {states
            .filter(([key]) => entry[key] > 0)
            .map(([key, label]) => `${label}: ${formatNumber(entry[key])}`)
            .join(", ")}{" "}
          <span class="muted">({formatCount(entry.inboxes, "inbox", "inboxes")})</span>
        </p>
        {last != null && (
          <p class="muted">
            Last delivered <When at={last} time />
          </p>
        )}
        {entry.last_error != null && (
          <p>
            Last error: <bdi>{entry.last_error}</bdi>
          </p>
        )}
        {nextTry != null && (
          <p class="muted">
            Next try <When at={nextTry} time />
          </p>
        )}
      </div>
      {entry.waiting + entry.given_up > 0 && (
        <SendAgain address={address} host={host} label="Send again" name={`Send again to ${host}`} />
      )}
    </li>
  );
}

function SendAgain({
  address,
  host,
  label,
  name,
}: {
  address: string;
  host?: string;
  label: string;
  name?: string;
}) {
  return (
    <form method="post" action={address}>
      {host != null && <input type="hidden" name="host" value={host} />}
      <button type="submit" aria-label={name}>
        {label}
      </button>
    </form>
  );
}
