import { Activity } from "@fedify/vocab";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  alicesProofKey,
  arbitraryWork,
  effect,
  image,
  paths,
  registration,
  verifiesWithFedify,
} from "../../test/helpers/claims.ts";
import { loadContext } from "../net/contexts.ts";
import { buildClaim, extractObject } from "./claim.ts";
import { asObject, type JsonObject, toStoredText } from "./json.ts";
import { prove } from "./proof.ts";
import type { Work } from "./work.ts";

const context = [
  "https://www.w3.org/ns/activitystreams",
  "https://w3id.org/security/data-integrity/v1",
  {
    artdag: "https://artdag.rose-ash.com/ns#",
    contentHash: "artdag:contentHash",
    algorithm: "artdag:algorithm",
    value: "artdag:value",
    assetType: "artdag:assetType",
    claim: { "@id": "artdag:claim", "@type": "@id" },
    metadata: { "@id": "artdag:metadata", "@type": "@json" },
    provenance: "artdag:provenance",
    run: { "@id": "artdag:run", "@type": "@id" },
    renderer: { "@id": "artdag:renderer", "@type": "@id" },
    recipe: "artdag:recipe",
    inputs: "artdag:input",
    runDigest: "artdag:runDigest",
    evidence: "artdag:evidence",
    schema: "http://schema.org/",
    license: "schema:license",
    toot: "http://joinmastodon.org/ns#",
    blurhash: "toot:blurhash",
    Hashtag: "as:Hashtag",
    sensitive: "as:sensitive",
    formerType: { "@id": "as:formerType", "@type": "@vocab" },
  },
];

const hash = "a".repeat(64);
const wholeImage = {
  "@context": context,
  id: "https://artdag.example/activities/7",
  type: "Create",
  actor: "https://artdag.example/users/alice",
  published: "2026-11-22T12:00:00Z",
  object: {
    id: `https://artdag.example/objects/${hash}`,
    type: "Image",
    attributedTo: "https://artdag.example/users/alice",
    name: "Sunrise & sea",
    content: "<p>First line<br>second line</p><p>Another &lt;paragraph&gt;</p>",
    url: [
      { type: "Link", mediaType: "text/html", href: "https://artdag.example/asset/Sunrise%20%26%20sea" },
      {
        type: "Link",
        mediaType: "image/png",
        href: "https://media.example/sunrise.png",
        width: 1920,
        height: 1080,
      },
    ],
    mediaType: "image/png",
    tag: [
      { type: "Hashtag", name: "#art", href: "https://artdag.example/assets?tag=art" },
      { type: "Hashtag", name: "#sun rise", href: "https://artdag.example/assets?tag=sun%20rise" },
    ],
    contentHash: { algorithm: "sha3-256", value: hash },
    assetType: "image",
    license: "CC-BY-4.0",
    metadata: { seed: 42, type: "Person", signature: { value: "x" } },
    published: "2026-11-22T12:00:00Z",
  },
};

async function proveClaim(work: Work): Promise<JsonObject> {
  const built = registration(work);
  return await prove(buildClaim(paths, built), await alicesProofKey(), built.published);
}

describe("the claim", () => {
  test("of an image is exactly this text", () => {
    expect(toStoredText(buildClaim(paths, registration(image)))).toBe(JSON.stringify(wholeImage));
  });

  test("of an effect is a Document with nothing that was not stated", () => {
    expect(toStoredText(buildClaim(paths, registration(effect)))).toBe(
      JSON.stringify({
        "@context": context,
        id: "https://artdag.example/activities/7",
        type: "Create",
        actor: "https://artdag.example/users/alice",
        published: "2026-11-22T12:00:00Z",
        object: {
          id: "https://artdag.example/objects/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG",
          type: "Document",
          attributedTo: "https://artdag.example/users/alice",
          name: "blur",
          url: [{ type: "Link", mediaType: "text/html", href: "https://artdag.example/asset/blur" }],
          contentHash: { algorithm: "cid", value: "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG" },
          assetType: "effect",
          published: "2026-11-22T12:00:00Z",
        },
      }),
    );
  });

  test("to a hash that was claimed before differs from the first one in its object's id alone", () => {
    const later = buildClaim(paths, registration(image, { laterIndex: 7 }));
    expect(later).toEqual({
      ...wholeImage,
      object: { ...wholeImage.object, id: `https://artdag.example/objects/${hash}/7` },
    });
  });

  test.each([
    ["image", "Image"],
    ["video", "Video"],
    ["audio", "Audio"],
    ["recipe", "Document"],
    ["effect", "Document"],
    ["infrastructure", "Document"],
    ["other", "Document"],
  ] as const)("of the asset type %s has an object of the type %s", (assetType, type) => {
    const claim = buildClaim(paths, registration({ ...effect, assetType }));
    expect(asObject(claim["object"])).toMatchObject({ type, assetType });
  });

  test.each([
    [12.5, "PT12.5S"],
    [60, "PT60S"],
    [1 / 3, "PT0.333S"],
    [1e-7, "PT0S"],
    [1e9, "PT1000000000S"],
  ])("of %s seconds has the duration %s", (duration, stated) => {
    const claim = buildClaim(paths, registration({ ...image, duration }));
    expect(asObject(claim["object"])?.["duration"]).toBe(stated);
  });

  test("is addressed to nobody", () => {
    const claim = buildClaim(paths, registration(image));
    for (const part of [claim, asObject(claim["object"])]) {
      expect(Object.keys(part ?? {})).not.toEqual(expect.arrayContaining(["to"]));
      expect(Object.keys(part ?? {})).not.toEqual(expect.arrayContaining(["cc"]));
    }
  });

  test("is found proved by Fedify, awkward metadata included", async () => {
    const metadata = JSON.parse(
      `{"type":"Person","signature":{"type":"RsaSignature2017"},"big":1e21,"small":1e-7,"zero":-0,"10":1,"9":2,"b":3,
        "@type":"x","@reverse":{"a":1},"@included":[1],"id":"https://evil.example/","actor":"https://evil.example/",
        "\u00e9\u{1f600}":["\ud83d\ude00\\u2028"],"\ue000":1,"\u{10000}":2,"nested":[[[{"object":null}]]]}`,
    );
    expect(await verifiesWithFedify(await proveClaim({ ...image, metadata }))).toBe(true);
  });

  test("is not found proved by Fedify once one word of it was changed", async () => {
    const claim = await proveClaim(image);
    const object = asObject(claim["object"]) ?? {};
    expect(await verifiesWithFedify({ ...claim, object: { ...object, name: "Sunset" } })).toBe(false);
    expect(await verifiesWithFedify({ ...claim, object: { ...object, metadata: { seed: 43 } } })).toBe(false);
  });

  test("of any work is found proved by Fedify and comes out of its classes byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryWork, async (work) => {
        const text = toStoredText(await proveClaim(work));
        const stored = JSON.parse(text);
        expect(await verifiesWithFedify(stored)).toBe(true);
        const activity = await Activity.fromJsonLd(stored, { contextLoader: loadContext });
        expect(JSON.stringify(await activity.toJsonLd())).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the object of a claim", () => {
  test("stands alone under the claim's context", () => {
    expect(JSON.stringify(extractObject(buildClaim(paths, registration(image))))).toBe(
      JSON.stringify({ "@context": context, ...wholeImage.object }),
    );
  });
});
