import { toParagraphs } from "../claims/markup.ts";
import { formatHandle } from "../core/handle.ts";
import { escapeHtml } from "../core/html.ts";
import { guessMediaType } from "../core/media-type.ts";
import type { Paths } from "../core/paths.ts";
import { formatInstant } from "../core/time.ts";
import { element, textElement, xmlDocument } from "../core/xml.ts";
import type { AssetView } from "../db/assets.ts";
import { httpUrl } from "./views/http-url.ts";

/** A feed, or a page of one. Addresses are URLs. */
export interface AtomFeed {
  readonly title: string;
  /** Where the feed begins; it is its id. */
  readonly first: string;
  readonly self: string;
  /** The page of older entries. */
  readonly next: string | null;
  /** The page for people that it goes with. */
  readonly page: string;
  /** Who made all of it, where one did. */
  readonly author: { readonly name: string; readonly uri: string } | null;
  /** Newest first. */
  readonly works: readonly AssetView[];
  /** Said to have changed then, where it holds nothing. */
  readonly begun: Date;
}

/** The feed as Atom (RFC 4287), in pages (RFC 5005, 3). */
export function toAtom(paths: Paths, feed: AtomFeed): string {
  const times = feed.works.map(({ created, updated }) => (updated ?? created).getTime());
  const updated = new Date(times.length === 0 ? feed.begun.getTime() : Math.max(...times));
  const root = element(
    "feed",
    { xmlns: "http://www.w3.org/2005/Atom" },
    textElement("id", feed.first),
    textElement("title", feed.title),
    textElement("updated", formatInstant(updated)),
    element("link", { rel: "self", type: "application/atom+xml", href: feed.self }),
    element("link", { rel: "first", type: "application/atom+xml", href: feed.first }),
    ...(feed.next == null
      ? []
      : [element("link", { rel: "next", type: "application/atom+xml", href: feed.next })]),
    element("link", { rel: "alternate", type: "text/html", href: feed.page }),
    feed.author == null ? "" : toAuthor(feed.author),
    ...feed.works.map((work) => toEntry(paths, work, feed.author == null)),
  );
  return xmlDocument(root);
}

/** The entry's id is that of the Note, so that whoever reads both knows the work again. */
function toEntry(paths: Paths, work: AssetView, withAuthor: boolean): string {
  const author = {
    name: formatHandle({ username: work.owner, host: paths.host }),
    uri: paths.actor(work.owner),
  };
  const note = paths.note(work.activity_index);
  return element(
    "entry",
    { "xml:lang": work.language ?? undefined },
    textElement("id", note),
    textElement("title", work.name),
    textElement("published", formatInstant(work.created)),
    textElement("updated", formatInstant(work.updated ?? work.created)),
    element("link", { rel: "alternate", type: "text/html", href: paths.assetPage(work.name) }),
    element("link", { rel: "alternate", type: "application/activity+json", href: note }),
    isVeiled(work) ? "" : toEnclosure(work),
    withAuthor ? toAuthor(author) : "",
    ...work.tags.map((tag) => element("category", { term: tag })),
    work.license == null ? "" : textElement("rights", work.license),
    textElement("content", toContent(paths, work), { type: "html" }),
  );
}

function toAuthor({ name, uri }: { name: string; uri: string }): string {
  return element("author", {}, textElement("name", name), textElement("uri", uri));
}

/** The file of the work. How long it is nobody knows here, so nothing is said of it. */
function toEnclosure(work: AssetView): string {
  const href = httpUrl(work.url);
  if (href == null) return "";
  return element("link", {
    rel: "enclosure",
    type: work.media_type ?? guessMediaType(href),
    title: work.name,
    href,
  });
}

/** HTML. What the artist put behind a warning isn't shown, only the warning. */
function toContent(paths: Paths, work: AssetView): string {
  const page = `<p><a href="${escapeHtml(paths.assetPage(work.name))}">${escapeHtml(work.name)}</a></p>`;
  if (isVeiled(work)) {
    return `<p>Sensitive work${work.content_warning == null ? "" : `: ${escapeHtml(work.content_warning)}`}</p>${page}`;
  }
  const picture = httpUrl(work.preview_url) ?? (work.asset_type === "image" ? httpUrl(work.url) : undefined);
  const image =
    picture == null
      ? ""
      : `<p><img src="${escapeHtml(picture)}" alt="${escapeHtml(work.alt ?? work.name)}"></p>`;
  const tags = work.tags.map((tag) => `<a href="${escapeHtml(paths.tag(tag))}">#${escapeHtml(tag)}</a>`);
  return [
    image,
    work.description == null ? "" : toParagraphs(work.description),
    tags.length === 0 ? "" : `<p>${tags.join(" ")}</p>`,
    page,
  ].join("");
}

function isVeiled({ sensitive, content_warning: warning }: AssetView): boolean {
  return sensitive || warning != null;
}
