/** A line of a list that could not be taken. Lines are counted from 1. */
export interface LineError {
  readonly line: number;
  readonly message: string;
}

export interface CsvDomainBlock {
  readonly line: number;
  readonly domain: string;
  readonly comment: string | null;
}

const columns = ["#domain", "#severity", "#reject_media", "#reject_reports", "#public_comment", "#obfuscate"];

/**
 * Reads Mastodon's list of domain blocks (administration, federation, export): a heading and a domain a line, or nothing
 * but domains. Only the severity `suspend` is a block; what is less is said of its line.
 */
export function readDomainBlocks(text: string): { blocks: CsvDomainBlock[]; errors: LineError[] } {
  const [first, ...rest] = parseCsv(text);
  const heading = first?.cells.map((cell) => `#${cell.trim().replace(/^#/, "").toLowerCase()}`) ?? [];
  const headed = heading.includes("#domain");
  const place = (column: string) => (headed ? heading.indexOf(column) : columns.indexOf(column));
  const blocks: CsvDomainBlock[] = [];
  const errors: LineError[] = [];
  for (const { line, cells } of headed || first == null ? rest : [first, ...rest]) {
    const cell = (column: string) => cells[place(column)]?.trim() ?? "";
    const severity = cell("#severity").toLowerCase() || "suspend";
    if (severity === "suspend")
      blocks.push({ line, domain: cell("#domain"), comment: cell("#public_comment") || null });
    else errors.push({ line, message: `the severity ${severity} is none of this server's; only suspend is` });
  }
  return { blocks, errors };
}

/** Reads Mastodon's lists of blocked accounts or domains of a user: the first column, a heading left out. */
export function readList(text: string): { line: number; value: string }[] {
  const rows = parseCsv(text).map(({ line, cells }) => ({ line, value: cells[0]?.trim() ?? "" }));
  return rows.filter(({ line, value }) => line > 1 || !/^#?(?:account address|domain)$/i.test(value));
}

/** Writes the list that {@link readDomainBlocks} reads, as Mastodon exports it. */
export function writeDomainBlocks(
  blocks: readonly { readonly domain: string; readonly comment: string | null }[],
): string {
  const rows = blocks.map(({ domain, comment }) => [
    domain,
    "suspend",
    "true",
    "true",
    comment ?? "",
    "false",
  ]);
  return writeCsv([columns, ...rows]);
}

/** Writes Mastodon's list of whom a user follows; what it says of each of them besides is what Mastodon does by itself. */
export function writeFollowing(accounts: readonly string[]): string {
  const heading = ["Account address", "Show boosts", "Notify on new posts", "Languages"];
  return writeCsv([heading, ...accounts.map((account) => [account, "true", "false", ""])]);
}

/** Writes one value a line. */
export function writeList(values: readonly string[]): string {
  return writeCsv(values.map((value) => [value]));
}

function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(quote).join(",")}\n`).join("");
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** The rows that are not empty (RFC 4180; a byte order mark and any ends of lines are taken). */
function parseCsv(text: string): { line: number; cells: string[] }[] {
  const rows: { line: number; cells: string[] }[] = [];
  let line = 1;
  let start = 1;
  let cells: string[] = [];
  for (const [, quoted, bare, end] of text
    .replace(/^\ufeff/, "")
    .matchAll(/(?:"((?:[^"]|"")*)"[^,\r\n]*|([^,\r\n]*))(,|\r\n|\r|\n|$)/g)) {
    cells.push(quoted?.replaceAll('""', '"') ?? bare ?? "");
    line += quoted?.split("\n").length ?? 1;
    line -= 1;
    if (end === ",") continue;
    if (cells.some((cell) => cell.trim() !== "")) rows.push({ line: start, cells });
    cells = [];
    if (end === "") break;
    line += 1;
    start = line;
  }
  return rows;
}
