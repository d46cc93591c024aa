import { preloadedContexts } from "@fedify/vocab-runtime";
import { Announce, Note } from "@fedify/vocab";
import { expect, test } from "vitest";
import { findContext, loadContext } from "./contexts.ts";

const activityStreams = "https://www.w3.org/ns/activitystreams";

test.each(Object.keys(preloadedContexts))("%s is built in", async (url) => {
  const loaded = await loadContext(url);
  expect(loaded).toEqual({ contextUrl: null, documentUrl: url, document: preloadedContexts[url] });
});

test("a fragment does not hide a context", () => {
  expect(findContext(`${activityStreams}#`)).toBe(preloadedContexts[activityStreams]);
});

test.each([
  "https://akkoma.example/schemas/litepub-0.1.jsonld",
  "http://pleroma.example:4000/schemas/litepub-9.9.jsonld",
  "https://example/sub/schemas/litepub-0.1.jsonld",
])("%s is the litepub context", async (url) => {
  const { document } = await loadContext(url);
  expect(JSON.stringify(document)).toContain("http://litepub.social/ns#");
});

test.each([
  "https://evil.example/context.jsonld",
  "https://evil.example/schemas/litepub-0.1.jsonld/more",
  "https://evil.example/?/schemas/litepub-0.1.jsonld",
  "http://127.0.0.1:1/context",
  "__proto__",
  "constructor",
  "not a URL",
])("%s counts as empty", async (url) => {
  expect((await loadContext(url)).document).toEqual({ "@context": {} });
});

test("a Pleroma activity is read with its own host's litepub context", async () => {
  const json = {
    "@context": [
      activityStreams,
      "https://pleroma.example/schemas/litepub-0.1.jsonld",
      { "@language": "und" },
    ],
    id: "https://pleroma.example/activities/1",
    type: "Announce",
    actor: "https://pleroma.example/users/a",
    object: "https://pleroma.example/objects/1",
  };
  const announce = await Announce.fromJsonLd(json, { contextLoader: loadContext });
  expect(announce.objectId?.href).toBe("https://pleroma.example/objects/1");
});

test("terms of an unknown context are ignored and the others are read", async () => {
  const json = {
    "@context": [activityStreams, "https://unknown.example/ns"],
    id: "https://remote.example/1",
    type: "Note",
    content: "hello",
    unheardOf: "x",
  };
  const note = await Note.fromJsonLd(json, { contextLoader: loadContext });
  expect(note.content).toBe("hello");
});
