/** HTML as far as a post of ours has it: elements, attributes, links. Everything else is told as not balanced. */
export interface ReadHtml {
  readonly tags: readonly { readonly name: string; readonly attributes: readonly string[] }[];
  /** Names of the outermost elements. */
  readonly elements: readonly string[];
  readonly links: readonly {
    readonly href: string;
    readonly classes: readonly string[];
    readonly rel: string;
    readonly text: string;
  }[];
  /** Whether every element that is opened is closed, in order, and no angle bracket stands elsewhere. */
  readonly balanced: boolean;
}

/** Reads HTML. */
export function load(html: string): ReadHtml {
  const tags: { name: string; attributes: string[] }[] = [];
  const elements: string[] = [];
  const links: { href: string; classes: string[]; rel: string; text: string }[] = [];
  const open: string[] = [];
  let balanced = true;
  for (const [, tag, plain] of html.matchAll(/(<[^>]*>)|([^<]+)/g)) {
    if (tag == null) {
      if (plain?.includes(">") === true) balanced = false;
      const link = links.at(-1);
      if (open.includes("a") && link != null) link.text += decode(plain ?? "");
      continue;
    }
    const closing = /^<\/([a-z][a-z0-9]*)>$/.exec(tag)?.[1];
    if (closing != null) {
      if (open.pop() !== closing) balanced = false;
      continue;
    }
    const name = /^<([a-z][a-z0-9]*)/i.exec(tag)?.[1] ?? tag;
    const attributes = new Map(
      [...tag.matchAll(/\s([\w-]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, decode(value)]),
    );
    tags.push({ name, attributes: [...attributes.keys()] });
    if (open.length === 0) elements.push(name);
    if (name === "br") continue;
    open.push(name);
    if (name !== "a") continue;
    links.push({
      href: attributes.get("href") ?? "",
      classes: (attributes.get("class") ?? "").split(" "),
      rel: attributes.get("rel") ?? "",
      text: "",
    });
  }
  return { tags, elements, links, balanced: balanced && open.length === 0 };
}

function decode(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}
