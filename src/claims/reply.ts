import { escapeHtml } from "../core/html.ts";
import type { Paths } from "../core/paths.ts";
import { formatInstant } from "../core/time.ts";
import { documentContext } from "./context.ts";
import type { JsonObject } from "./json.ts";
import { toParagraphs } from "./markup.ts";
import { everybody } from "./public.ts";

/** What a user answers to a Note. */
export interface Reply {
  readonly username: string;
  /** The last part of its address. */
  readonly key: string;
  /** The Note that is answered. */
  readonly object: string;
  readonly author: { readonly iri: string; readonly handle: string };
  /** Plain text. */
  readonly content: string;
  /** Whether it is for everybody, as what it answers was, or for the author alone. */
  readonly public: boolean;
  readonly published: Date;
}

/** A reply: an unproved `Create{Note}` whose author is mentioned, without which Mastodon tells him nothing. */
export function buildReply(paths: Paths, reply: Reply): JsonObject {
  const { username, key, author } = reply;
  const actor = paths.actor(username);
  const id = paths.reply(username, key);
  const common = {
    published: formatInstant(reply.published),
    to: reply.public ? [everybody] : [author.iri],
    cc: reply.public ? [paths.followers(username), author.iri] : [],
  };
  return {
    "@context": documentContext,
    id: paths.replyCreate(username, key),
    type: "Create",
    actor,
    ...common,
    object: {
      id,
      type: "Note",
      attributedTo: actor,
      ...common,
      url: id,
      inReplyTo: reply.object,
      content: toContent(reply),
      tag: [{ type: "Mention", href: author.iri, name: author.handle }],
    },
  };
}

/** The text, with the author's name in front of it. */
function toContent({ author, content }: Reply): string {
  const mention = `<a href="${escapeHtml(author.iri)}" class="u-url mention">${escapeHtml(author.handle)}</a>`;
  return toParagraphs(content).replace("<p>", () => `<p>${mention} `);
}
