import { Activity } from "@fedify/vocab";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  alicesProofKey,
  arbitraryWork,
  image,
  paths,
  registration,
  verifiesWithFedify,
} from "../../test/helpers/claims.ts";
import { loadContext } from "../net/contexts.ts";
import { asObject, type Json, type JsonObject, toStoredText } from "./json.ts";
import { buildPost } from "./post.ts";
import { prove } from "./proof.ts";
import type { Work } from "./work.ts";

const everybody = "https://www.w3.org/ns/activitystreams#Public";
const followers = "https://artdag.example/users/alice/followers";

/** The post as others read it. */
function makePost(work: Partial<Work> = {}): JsonObject {
  return JSON.parse(toStoredText(buildPost(paths, registration({ ...image, ...work }))));
}

function makeNote(work: Partial<Work> = {}): JsonObject {
  return asObject(makePost(work)["object"]) ?? {};
}

/** The one attachment of the post of a work. */
function makeAttachment(work: Partial<Work> = {}): JsonObject {
  const attachment = makeNote(work)["attachment"];
  expect(attachment).toHaveLength(1);
  return asObject((attachment as Json[])[0]) ?? {};
}

/** An image without some of what it states. */
function without(...names: (keyof Work)[]): Work {
  return Object.fromEntries(
    Object.entries(image).filter(([name]) => !(names as string[]).includes(name)),
  ) as unknown as Work;
}

async function provePost(work: Work): Promise<JsonObject> {
  const built = registration(work);
  return await prove(buildPost(paths, built), await alicesProofKey(), built.published);
}

function depth(value: Json): number {
  if (typeof value !== "object" || value == null) return 0;
  return 1 + Math.max(0, ...Object.values<Json>(value as JsonObject).map(depth));
}

/** Every object inside a value. */
function objectsIn(value: Json): JsonObject[] {
  if (typeof value !== "object" || value == null) return [];
  const own = asObject(value);
  return [...(own == null ? [] : [own]), ...Object.values<Json>(value as JsonObject).flatMap(objectsIn)];
}

test("the post of an image is exactly this text", () => {
  const { "@context": context, ...post } = makePost();
  expect(context).toHaveLength(3);
  const content =
    "<p><strong>Sunrise &amp; sea</strong></p>" +
    "<p>First line<br>second line</p><p>Another &lt;paragraph&gt;</p>" +
    '<p><a href="https://artdag.example/assets?tag=art" class="mention hashtag" rel="tag">#art</a> ' +
    '<a href="https://artdag.example/assets?tag=sun%20rise" class="mention hashtag" rel="tag">#sunrise</a></p>' +
    '<p><a href="https://artdag.example/asset/Sunrise%20%26%20sea">' +
    "https://artdag.example/asset/Sunrise%20%26%20sea</a></p>";
  expect(JSON.stringify(post)).toBe(
    JSON.stringify({
      id: "https://artdag.example/notes/7#create",
      type: "Create",
      actor: "https://artdag.example/users/alice",
      published: "2026-11-22T12:00:00Z",
      to: [everybody],
      cc: [followers],
      object: {
        id: "https://artdag.example/notes/7",
        type: "Note",
        attributedTo: "https://artdag.example/users/alice",
        published: "2026-11-22T12:00:00Z",
        to: [everybody],
        cc: [followers],
        url: "https://artdag.example/asset/Sunrise%20%26%20sea",
        sensitive: false,
        content,
        contentMap: { en: content },
        attachment: [
          {
            type: "Image",
            mediaType: "image/png",
            url: "https://media.example/sunrise.png",
            name: "The sun over the sea",
            summary: "The sun over the sea",
            width: 1920,
            height: 1080,
            blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
            license: "CC-BY-4.0",
          },
        ],
        tag: [
          { type: "Hashtag", name: "#art", href: "https://artdag.example/assets?tag=art" },
          { type: "Hashtag", name: "#sunrise", href: "https://artdag.example/assets?tag=sun%20rise" },
        ],
        contentHash: { algorithm: "sha3-256", value: "a".repeat(64) },
        claim: "https://artdag.example/activities/7",
        likes: { id: "https://artdag.example/notes/7/likes", type: "Collection", totalItems: 0 },
        shares: { id: "https://artdag.example/notes/7/shares", type: "Collection", totalItems: 0 },
        replies: { id: "https://artdag.example/notes/7/replies", type: "Collection", totalItems: 0 },
      },
    }),
  );
});

describe("the Note", () => {
  test("has one type and one address, each one text", () => {
    const { type, url } = makeNote();
    expect(type).toBe("Note");
    expect(url).toBe("https://artdag.example/asset/Sunrise%20%26%20sea");
  });

  test("has no name, since no server shows one: the title opens its content in bold", () => {
    const note = makeNote({ name: "<b>Title</b>" });
    expect(note["name"]).toBeUndefined();
    expect(note["content"]).toMatch(/^<p><strong>&lt;b&gt;Title&lt;\/b&gt;<\/strong><\/p>/);
  });

  test.each<[string, Partial<Work>, string | undefined]>([
    ["sensitive with a warning: the warning", { sensitive: true, contentWarning: "Blood" }, "Blood"],
    ["sensitive without a warning: none", { sensitive: true }, undefined],
    [
      "a warning on a work that is not sensitive: none",
      { sensitive: false, contentWarning: "Blood" },
      undefined,
    ],
    ["neither: none", { sensitive: false }, undefined],
  ])("has a summary for a warning alone. %s", (_what, work, summary) => {
    const note = makeNote(work);
    expect(note["summary"]).toBe(summary);
    expect(note["sensitive"]).toBe(work.sensitive);
  });

  test("that is public is addressed to everybody, with a copy for followers", () => {
    for (const part of [makePost({ post: "public" }), makeNote({ post: "public" })])
      expect(part).toMatchObject({ to: [everybody], cc: [followers] });
  });

  test("that is unlisted is addressed to followers, with a copy for everybody", () => {
    for (const part of [makePost({ post: "unlisted" }), makeNote({ post: "unlisted" })])
      expect(part).toMatchObject({ to: [followers], cc: [everybody] });
  });

  test("repeats its content under its language where one is stated", () => {
    const note = makeNote({ language: "pt-BR" });
    expect(note["contentMap"]).toEqual({ "pt-BR": note["content"] });
    expect(asObject(makePost({ ...without("language") })["object"])?.["contentMap"]).toBeDefined();
    const unstated = buildPost(paths, registration(without("language")));
    expect(asObject(unstated["object"])).not.toHaveProperty("contentMap");
  });

  test("has each hashtag once in its tags and once in its content, whatever its case", () => {
    const note = makeNote({ tags: ["Art", "art", "sun-rise", "123", "!!!", "日本"] });
    expect(note["tag"]).toEqual([
      { type: "Hashtag", name: "#Art", href: "https://artdag.example/assets?tag=Art" },
      { type: "Hashtag", name: "#sunrise", href: "https://artdag.example/assets?tag=sun-rise" },
      { type: "Hashtag", name: "#日本", href: "https://artdag.example/assets?tag=%E6%97%A5%E6%9C%AC" },
    ]);
    const links = [...String(note["content"]).matchAll(/class="mention hashtag" rel="tag">(#[^<]+)</g)];
    expect(links.map(([, name]) => name)).toEqual(["#Art", "#sunrise", "#日本"]);
  });

  test("has no tags where no tag makes a hashtag", () => {
    expect(makeNote({ tags: ["123", "!"] })).not.toHaveProperty("tag");
    expect(makeNote({ tags: [] })["content"]).not.toContain("hashtag");
  });

  test("of a work without description, tags, media and language is title and link", () => {
    const { name, contentHash, assetType, sensitive } = image;
    const bare: Work = { name, contentHash, assetType, sensitive, tags: [], post: "public" };
    const note = asObject(buildPost(paths, registration(bare))["object"]) ?? {};
    const page = "https://artdag.example/asset/Sunrise%20%26%20sea";
    expect(note["content"]).toBe(
      `<p><strong>Sunrise &amp; sea</strong></p><p><a href="${page}">${page}</a></p>`,
    );
    for (const absent of ["attachment", "tag", "contentMap", "summary"])
      expect(note).not.toHaveProperty(absent);
  });
});

describe("the attachment", () => {
  test.each([
    ["image/png", "Image"],
    ["video/mp4", "Video"],
    ["audio/flac", "Audio"],
  ])("of %s is of the type %s and says its media type", (mediaType, type) => {
    expect(makeAttachment({ mediaType })).toMatchObject({ type, mediaType });
  });

  test("has the alternative text twice, for those who read the one and those who read the other", () => {
    expect(makeAttachment({ alt: "A cat" })).toMatchObject({ name: "A cat", summary: "A cat" });
  });

  test.each([
    [5000, 5000, true],
    [5001, 100, false],
    [100, 5001, false],
  ])("of %i x %i pixels states its size: %s", (width, height, stated) => {
    const attachment = makeAttachment({ width, height });
    expect(attachment["width"]).toBe(stated ? width : undefined);
    expect(attachment["height"]).toBe(stated ? height : undefined);
  });

  test("has the license, the BlurHash and the duration where they are known", () => {
    expect(makeAttachment({ duration: 1 / 3 })).toMatchObject({
      license: "CC-BY-4.0",
      blurhash: image.blurhash,
      duration: "PT0.333S",
    });
  });

  test("is the preview where the work itself can't be had, with the size of nothing", () => {
    const work = {
      ...without("url", "mediaType"),
      previewUrl: "https://media.example/small.JPG",
      duration: 5,
    };
    const attachment = asObject(buildPost(paths, registration(work))["object"])?.["attachment"];
    expect(attachment).toEqual([
      {
        type: "Image",
        mediaType: "image/jpeg",
        url: "https://media.example/small.JPG",
        name: image.alt,
        summary: image.alt,
        blurhash: image.blurhash,
        license: "CC-BY-4.0",
      },
    ]);
  });

  test("is the preview where the work is no image, video or audio", () => {
    const work = { mediaType: "application/zip", previewUrl: "https://media.example/small.png" };
    expect(makeAttachment(work)).toMatchObject({ url: "https://media.example/small.png" });
  });

  test("is guessed from the address where no media type is stated, and is none where it can't be", () => {
    const named = buildPost(
      paths,
      registration({ ...without("mediaType"), url: "https://media.example/a.webm?x=1" }),
    );
    expect(asObject(named["object"])?.["attachment"]).toMatchObject([
      { type: "Video", mediaType: "video/webm" },
    ]);
    const nameless = buildPost(
      paths,
      registration({ ...without("mediaType"), url: "https://media.example/a" }),
    );
    expect(asObject(nameless["object"])).not.toHaveProperty("attachment");
  });
});

describe("the post of any work", () => {
  test("keeps to what other servers take", () => {
    fc.assert(
      fc.property(arbitraryWork, (work) => {
        const built = registration(work);
        const post: JsonObject = JSON.parse(toStoredText(buildPost(paths, built)));
        const note = asObject(post["object"]) ?? {};
        expect(note["type"]).toBe("Note");
        expect(depth(post)).toBeLessThanOrEqual(8);
        const attachments = (note["attachment"] ?? []) as JsonObject[];
        expect(attachments.length).toBeLessThanOrEqual(4);
        for (const attachment of attachments) {
          expect(attachment["mediaType"]).toMatch(/^(image|video|audio)\//);
          expect(attachment["name"]).toBe(attachment["summary"]);
          expect(Number(attachment["width"] ?? 0)).toBeLessThanOrEqual(5000);
          expect(Number(attachment["height"] ?? 0)).toBeLessThanOrEqual(5000);
        }
        expect(objectsIn(post).filter(({ type }) => type === "Link")).toEqual([]);
        expect(note["summary"] === undefined || note["sensitive"] === true).toBe(true);
        const tags = [...String(note["content"]).matchAll(/<\/?([a-z0-9]*)/g)].map(([, tag]) => tag);
        expect(["p", "br", "a", "strong"]).toEqual(expect.arrayContaining([...new Set(tags)]));
        const hashtags = ((note["tag"] ?? []) as JsonObject[]).map(({ name }) => name);
        for (const hashtag of hashtags) expect(note["content"]).toContain(`rel="tag">${hashtag}</a>`);
      }),
    );
  });

  test("is found proved by Fedify and comes out of its classes byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryWork, async (work) => {
        const text = toStoredText(await provePost(work));
        expect(await verifiesWithFedify(JSON.parse(text))).toBe(true);
        const activity = await Activity.fromJsonLd(JSON.parse(text), { contextLoader: loadContext });
        expect(JSON.stringify(await activity.toJsonLd())).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  test("is not found proved by Fedify once its content was changed", async () => {
    const post = await provePost(image);
    expect(await verifiesWithFedify(post)).toBe(true);
    const object = { ...asObject(post["object"]), content: "<p>Buy</p>" };
    expect(await verifiesWithFedify({ ...post, object })).toBe(false);
  });
});
