import type { LedgerEntry, LedgerTotals } from "../db/ledger.ts";

/** What became of a post at one server, as the API shows it. */
export interface LedgerEntryJson {
  readonly host: string;
  readonly inboxes: number;
  readonly delivered: number;
  readonly last_delivered_at: string | null;
  readonly waiting: number;
  readonly refused: number;
  readonly given_up: number;
  readonly last_error: string | null;
  readonly next_try_at: string | null;
}

export interface LedgerTotalsJson {
  readonly hosts: number;
  readonly inboxes: number;
  readonly delivered: number;
  readonly waiting: number;
  readonly refused: number;
  readonly given_up: number;
}

export function toLedgerJson(entry: LedgerEntry): LedgerEntryJson {
  return {
    host: entry.host,
    inboxes: entry.inboxes,
    delivered: entry.delivered,
    last_delivered_at: entry.lastDelivered?.toISOString() ?? null,
    waiting: entry.waiting,
    refused: entry.refused,
    given_up: entry.givenUp,
    last_error: entry.lastError,
    next_try_at: entry.nextTry?.toISOString() ?? null,
  };
}

export function toTotalsJson({ givenUp, ...totals }: LedgerTotals): LedgerTotalsJson {
  return {
    hosts: totals.hosts,
    inboxes: totals.inboxes,
    delivered: totals.delivered,
    waiting: totals.waiting,
    refused: totals.refused,
    given_up: givenUp,
  };
}
