import { raw } from "hono/html";
import { local } from "../../core/paths.ts";
import type { PageCard, PageFrame } from "./props.ts";
import { siteName } from "./site-name.ts";

/** What a page says of itself to browsers, readers of feeds, search engines and who links to it. */
export function Head({ title, alternate, card }: Pick<PageFrame, "title" | "alternate" | "card">) {
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{title === siteName ? siteName : `${title} · ${siteName}`}</title>
      <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      <link rel="stylesheet" href="/style.css" />
      {alternate != null && <link rel="alternate" type={alternate.type} href={alternate.href} />}
      {card != null && <Card title={title} card={card} />}
      <link rel="alternate" type="application/atom+xml" href={local.feed} title="New works" />
      <script type="module" src="/islands.js"></script>
    </head>
  );
}

/** OpenGraph (ogp.me), Twitter cards, `fediverse:creator`, and the same as data (schema.org). */
function Card({ title, card }: { title: string; card: PageCard }) {
  const { image } = card;
  return (
    <>
      <link rel="canonical" href={card.url} />
      {card.alternates.map(({ href, type, title: name }) => (
        <link rel="alternate" type={type} href={href} title={name} />
      ))}
      {!card.listed && <meta name="robots" content="noindex" />}
      <meta name="description" content={card.description} />
      <meta property="og:site_name" content={siteName} />
      <meta property="og:type" content={card.type} />
      <meta property="og:url" content={card.url} />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={card.description} />
      {image != null && <Image image={image} />}
      <meta name="twitter:card" content={image?.large === true ? "summary_large_image" : "summary"} />
      {card.creator != null && <meta name="fediverse:creator" content={card.creator} />}
      <script type="application/ld+json">{raw(toScriptData(card.data))}</script>
    </>
  );
}

function Image({ image }: { image: NonNullable<PageCard["image"]> }) {
  const { url, width, height, alt } = image;
  return (
    <>
      <meta property="og:image" content={url} />
      {width != null && <meta property="og:image:width" content={String(width)} />}
      {height != null && <meta property="og:image:height" content={String(height)} />}
      {alt != null && <meta property="og:image:alt" content={alt} />}
    </>
  );
}

/** JSON that no HTML parser takes for the end of its element, or for a comment. */
function toScriptData(data: unknown): string {
  return JSON.stringify(data)
    .replaceAll("<", "\\u003c")
    .replaceAll(">", "\\u003e")
    .replaceAll("&", "\\u0026");
}
