import { beforeAll, describe, expect, test } from "vitest";
import type { Json as JsonValue, JsonObject } from "../src/claims/json.ts";
import { type FakeInbox, insertFollower, openFakeInbox } from "./helpers/fake-inbox.ts";
import * as receivers from "./helpers/receivers.ts";
import { eventually, type Json, startTestServer, type TestServer } from "./helpers/server.ts";

/**
 * What other servers accept of a post: a row each, with the document that this server really sends, and the same one
 * broken in the way that they don't forgive.
 */

const work = {
  name: "Tide & <moon>",
  asset_type: "image",
  description: "First line\nsecond line\n\nanother paragraph",
  tags: ["art", "sun rise", "日本"],
  metadata: { seed: 42, type: "Link", nested: { deeper: { still: ["x"] } } },
  url: "https://media.example/tide.png",
  media_type: "image/png",
  width: 1920,
  height: 1080,
  alt: "The tide under the moon",
  blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
  license: "CC-BY-4.0",
  language: "en",
  content_warning: "Flashing colours",
};

let server: TestServer;
let alice: string;
let inbox: FakeInbox;
/** What followers received. */
const sent: Record<"create" | "update" | "delete", JsonObject> = { create: {}, update: {}, delete: {} };
let hashes = 0;

beforeAll(async () => {
  server = await startTestServer();
  alice = await server.register("artist");
  inbox = await openFakeInbox();
  await insertFollower(server.databaseUrl, "artist", inbox.origin);
  const { post } = await register(work);
  sent.create = await received(`${post}#create`);
  await server.json("PATCH", "/assets/Tide%20%26%20%3Cmoon%3E", { description: "changed" }, alice);
  sent.update = await received(`${post}#updates/1`);
  await server.json("DELETE", "/assets/Tide%20%26%20%3Cmoon%3E", undefined, alice);
  sent.delete = await received(`${post}#delete`);
});

async function register(input: Record<string, unknown>): Promise<Json> {
  const content_hash = (++hashes).toString(16).padStart(64, "c");
  const { status, body } = await server.json("POST", "/assets", { ...input, content_hash }, alice);
  expect(status, JSON.stringify(body)).toBe(201);
  return body.asset;
}

function received(id: string): Promise<JsonObject> {
  return eventually(`${id} is delivered`, async () => {
    const found = inbox.received.find((item) => item.id === id);
    return found == null ? undefined : (JSON.parse(found.body) as JsonObject);
  });
}

/** The Note of a post that a test changes. */
const note = (activity: Json): Json => activity.object;
const media = (activity: Json): Json => activity.object.attachment[0];

interface Row {
  readonly row: string;
  readonly document: "create" | "update" | "delete";
  readonly receiver: receivers.Receiver;
  /** Breaks a copy of the document. */
  readonly spoil: (activity: Json) => void;
  readonly complaint: string;
}

const rows: Row[] = [
  {
    row: "object type",
    document: "create",
    receiver: receivers.readsType,
    spoil: (a) => (note(a).type = "Image"),
    complaint: "Mastodon shows name and link, and loses the content",
  },
  {
    row: "object type as one text",
    document: "create",
    receiver: receivers.readsType,
    spoil: (a) => (note(a).type = ["Note"]),
    complaint: "Pixelfed compares the type with one text, and drops the post",
  },
  {
    row: "title",
    document: "create",
    receiver: receivers.readsTitle,
    spoil: (a) => (note(a).content = note(a).content.replace("<strong>", "").replace("</strong>", "")),
    complaint: "the title is not shown first",
  },
  {
    row: "title without a name",
    document: "create",
    receiver: receivers.readsTitle,
    spoil: (a) => (note(a).name = "Tide"),
    complaint: "a name is shown by nobody",
  },
  {
    row: "content",
    document: "create",
    receiver: receivers.readsContent,
    spoil: (a) => (note(a).content += "<h1>Title</h1>"),
    complaint: "<h1> is taken away",
  },
  {
    row: "content's attributes",
    document: "create",
    receiver: receivers.readsContent,
    spoil: (a) => (note(a).content += '<p style="color: red">x</p>'),
    complaint: "style of <p> is taken away",
  },
  {
    row: "summary",
    document: "create",
    receiver: receivers.readsSummary,
    spoil: (a) => (note(a).sensitive = false),
    complaint: "a summary hides what is not sensitive",
  },
  {
    row: "url",
    document: "create",
    receiver: receivers.readsUrl,
    spoil: (a) => (note(a).url = "https://media.example/tide.png"),
    complaint: "the permalink is another host's",
  },
  {
    row: "one url",
    document: "create",
    receiver: receivers.readsUrl,
    spoil: (a) => (note(a).url = [{ type: "Link", mediaType: "text/html", href: note(a).url }]),
    complaint: "which of several addresses counts depends on the server",
  },
  {
    row: "attachment type",
    document: "create",
    receiver: receivers.readsAttachmentType,
    spoil: (a) => (media(a).type = "Audio"),
    complaint: "a image/png as Audio is shown as something else",
  },
  {
    row: "alt text",
    document: "create",
    receiver: receivers.readsAlt,
    spoil: (a) => delete media(a).name,
    complaint: "the alternative text depends on the server",
  },
  {
    row: "width, height",
    document: "create",
    receiver: receivers.readsSize,
    spoil: (a) => (media(a).width = 5001),
    complaint: "Pixelfed drops the post",
  },
  {
    row: "blurhash",
    document: "create",
    receiver: receivers.readsBlurhash,
    spoil: (a) => (media(a).blurhash = `5${"0".repeat(15)}`),
    complaint: "Mastodon shows no blur",
  },
  {
    row: "blurhash's length",
    document: "create",
    receiver: receivers.readsBlurhash,
    spoil: (a) => (media(a).blurhash = "LEHV6"),
    complaint: "Pixelfed drops the post",
  },
  {
    row: "mediaType",
    document: "create",
    receiver: receivers.readsMediaType,
    spoil: (a) => delete media(a).mediaType,
    complaint: "the attachment is left out",
  },
  {
    row: "number",
    document: "create",
    receiver: receivers.readsNumber,
    spoil: (a) => (note(a).attachment = Array.from({ length: 5 }, () => media(a))),
    complaint: "what is over four is lost",
  },
  {
    row: "license on the attachment",
    document: "create",
    receiver: receivers.readsLicense,
    spoil: (a) => delete media(a).license,
    complaint: "the licence is unknown",
  },
  {
    row: "depth",
    document: "create",
    receiver: receivers.readsDepth,
    spoil: (a) => (media(a).focus = [[[[[0]]]]]),
    complaint: "Pixelfed reads nothing at all",
  },
  {
    row: "to, cc",
    document: "create",
    receiver: receivers.readsAudience,
    spoil: (a) => ([note(a).to, note(a).cc] = [note(a).cc, []]),
    complaint: "it is not shown in public lists",
  },
  {
    row: "to, cc as full IRIs",
    document: "create",
    receiver: receivers.readsAudience,
    spoil: (a) => (a.to = ["as:Public"]),
    complaint: "a name is no full IRI",
  },
  {
    row: "to, cc as arrays",
    document: "create",
    receiver: receivers.readsAudience,
    spoil: (a) => ([a.to] = a.to),
    complaint: "some servers read arrays only",
  },
  {
    row: "to, cc with the followers",
    document: "create",
    receiver: receivers.readsAudience,
    spoil: (a) => (a.cc = []),
    complaint: "it is not shown to followers",
  },
  {
    row: "hashtags in tag",
    document: "create",
    receiver: receivers.readsHashtags,
    spoil: (a) => delete note(a).tag,
    complaint: "nobody finds it by its tags",
  },
  {
    row: "hashtags in content",
    document: "create",
    receiver: receivers.readsHashtags,
    spoil: (a) => (note(a).content = note(a).content.replaceAll('rel="tag"', "")),
    complaint: "#art is shown as a mere link",
  },
  {
    row: "edit",
    document: "update",
    receiver: receivers.readsEdit,
    spoil: (a) => delete note(a).updated,
    complaint: "the edit is not shown",
  },
  {
    row: "edit with an id of its own",
    document: "update",
    receiver: receivers.readsEdit,
    spoil: (a) => (a.id = note(a).id),
    complaint: "the edit is taken for the post",
  },
  {
    row: "delete",
    document: "delete",
    receiver: receivers.readsDelete,
    spoil: (a) => delete note(a).formerType,
    complaint: "it is not known what went",
  },
  {
    row: "delete with its time",
    document: "delete",
    receiver: receivers.readsDelete,
    spoil: (a) => delete note(a).deleted,
    complaint: "it is not known when it went",
  },
  {
    row: "counts",
    document: "create",
    receiver: receivers.readsCounts,
    spoil: (a) => (note(a).likes = note(a).likes.id),
    complaint: "likes are not counted",
  },
  {
    row: "Link tags",
    document: "create",
    receiver: receivers.readsQuotes,
    spoil: (a) =>
      note(a).tag.push({ type: "Link", mediaType: "application/activity+json", href: note(a).claim }),
    complaint: "a quote box is shown",
  },
];

describe("a receiver of", () => {
  test.each(rows)(
    "$row takes what is sent, and not what is broken",
    ({ document, receiver, spoil, complaint }) => {
      const activity = sent[document];
      expect(receiver(activity)).toBeUndefined();
      const broken = structuredClone(activity);
      spoil(broken);
      expect(receiver(broken)).toBe(complaint);
    },
  );
});

/** Who looks at which parts of a post. */
const servers: Record<string, receivers.Receiver[]> = {
  Mastodon: [
    receivers.readsType,
    receivers.readsTitle,
    receivers.readsContent,
    receivers.readsSummary,
    receivers.readsUrl,
    receivers.readsAlt,
    receivers.readsBlurhash,
    receivers.readsMediaType,
    receivers.readsNumber,
    receivers.readsHashtags,
    receivers.readsCounts,
    receivers.readsQuotes,
  ],
  Pixelfed: [
    receivers.readsType,
    receivers.readsAttachmentType,
    receivers.readsAlt,
    receivers.readsSize,
    receivers.readsBlurhash,
    receivers.readsMediaType,
    receivers.readsNumber,
    receivers.readsLicense,
    receivers.readsDepth,
  ],
  GoToSocial: [
    receivers.readsType,
    receivers.readsTitle,
    receivers.readsContent,
    receivers.readsSummary,
    receivers.readsUrl,
    receivers.readsAlt,
    receivers.readsMediaType,
    receivers.readsAudience,
    receivers.readsHashtags,
  ],
  Hollo: [
    receivers.readsTitle,
    receivers.readsContent,
    receivers.readsAlt,
    receivers.readsMediaType,
    receivers.readsNumber,
    receivers.readsQuotes,
  ],
};

/** Works of every kind, with what of them is most likely to get lost. */
const works: [string, Record<string, unknown>][] = [
  ["an image in full", { ...work, name: "image" }],
  ["a larger image than Pixelfed takes", { ...work, name: "large", width: 8000, height: 6000 }],
  [
    "a video",
    {
      ...work,
      name: "video",
      asset_type: "video",
      url: "https://media.example/a.mp4",
      media_type: "video/mp4",
    },
  ],
  [
    "audio",
    {
      ...work,
      name: "audio",
      asset_type: "audio",
      url: "https://media.example/a.ogg",
      media_type: "audio/ogg",
    },
  ],
  [
    "a recipe with a preview",
    {
      ...work,
      name: "recipe",
      asset_type: "recipe",
      post: "public",
      media_type: "application/json",
      url: "https://media.example/r.json",
      preview_url: "https://media.example/r.webp",
    },
  ],
  [
    "a drawing that only browsers show, with a preview",
    {
      ...work,
      name: "svg",
      url: "https://media.example/d.svg",
      media_type: "image/svg+xml",
      preview_url: "https://media.example/d.png",
    },
  ],
];

describe.each(works)("the post of %s", (_kind, input) => {
  let post: JsonObject;

  beforeAll(async () => {
    const asset = await register(input);
    post = await received(`${asset.post}#create`);
  });

  test.each(Object.keys(servers))("shows on %s without a quote box, and with its picture", (name) => {
    const complaints = servers[name]?.flatMap((receiver) => receiver(post) ?? []);
    expect(complaints).toEqual([]);
    const [attachment] = receivers.list((post["object"] as JsonObject)["attachment"]) as Json[];
    expect(attachment.mediaType).toMatch(/^(image\/(png|webp)|video\/mp4|audio\/ogg)$/);
  });

  test("loses no term to a receiver that processes JSON-LD", async () => {
    expect(await receivers.findLostTerms(post)).toEqual([]);
  });
});

describe("JSON-LD", () => {
  test.each(["update", "delete"] as const)("knows every term of the %s of a post", async (name) => {
    expect(await receivers.findLostTerms(sent[name])).toEqual([]);
  });

  test("knows every term of a claim, its change, its withdrawal, and of shares", async () => {
    const asset = await register({ ...work, name: "terms" });
    await server.json("PATCH", "/assets/terms", { alt: "other" }, alice);
    await server.json("POST", "/assets/terms/share", undefined, alice);
    await server.json("DELETE", "/assets/terms/share", undefined, alice);
    const { body: before } = await server.json("GET", "/activities?limit=4");
    await server.json("DELETE", "/assets/terms", undefined, alice);
    const { body: after } = await server.json("GET", "/activities?limit=1");
    const documents: JsonObject[] = [...before.items, ...after.items];
    expect(documents.map(({ type }) => type)).toEqual(["Undo", "Announce", "Update", "Create", "Delete"]);
    expect(documents[3]?.["id"]).toBe(asset.activity);
    for (const document of documents) expect(await receivers.findLostTerms(document)).toEqual([]);
  });

  test("loses a term that no context defines, so that a lost one would be seen", async () => {
    const broken: JsonObject = { ...sent.create, unheardOf: "x" };
    expect(await receivers.findLostTerms(broken)).toEqual(["_:unheardOf"]);
  });
});

test("a post that is deleted answers 410, wherever it is asked for", async () => {
  const id = (sent.delete["object"] as { id: JsonValue }).id;
  for (const accept of ["application/activity+json", "application/ld+json", "text/html"]) {
    expect((await server.request(String(id), { headers: { Accept: accept } })).status).toBe(410);
  }
});

test("an unlisted post is addressed to followers, with a copy for everybody, outside and inside", async () => {
  const asset = await register({ ...work, name: "unlisted", post: "unlisted" });
  const post = await received(`${asset.post}#create`);
  expect(receivers.readsAudience(post)).toBe("it is not shown in public lists");
  for (const part of [post, post["object"] as JsonObject]) {
    expect(part).toMatchObject({
      to: [`${server.origin}/users/artist/followers`],
      cc: ["https://www.w3.org/ns/activitystreams#Public"],
    });
  }
});
