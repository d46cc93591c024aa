import { expect, test } from "vitest";
import { Person } from "@fedify/vocab";
import { loadContext } from "./contexts.ts";
import { findDocumentId } from "./document-id.ts";

const activityStreams = "https://www.w3.org/ns/activitystreams";
const id = "https://evil.example/actor";
const victim = "https://victim.example/actor";

test.each([
  ["a string context", activityStreams],
  [
    "the usual inline terms",
    [
      activityStreams,
      { toot: "http://joinmastodon.org/ns#", featured: { "@id": "toot:featured", "@type": "@id" } },
    ],
  ],
  ["id and type as themselves", { "@version": 1.1, id: "@id", type: "@type", as: activityStreams }],
  ["an unknown context", "https://unknown.example/ns"],
  ["no context", undefined],
])("the id of a document with %s is found", (_, context) => {
  expect(findDocumentId({ "@context": context, id, type: "Person" })?.href).toBe(id);
});

/** Documents whose JSON-LD id is the victim's, or may be, while their `id` is not. */
const tricks: readonly (readonly [string, Record<string, unknown>])[] = [
  ["another term for the id", { "@context": [activityStreams, { id: "as:x", foo: "@id" }], id, foo: victim }],
  [
    "a term for a term for the id",
    { "@context": [activityStreams, { id: null, foo: "bar", bar: { "@id": "@id" } }], id, foo: victim },
  ],
  ["a keyword beside id", { "@context": "https://unknown.example/", id, "@id": victim }],
  ["a graph", { "@context": "https://unknown.example/", id, "@graph": [{ "@id": victim }] }],
  ["a graph by a term", { "@context": { g: "@graph" }, id, g: [{ "@id": victim }] }],
  ["nesting", { "@context": null, id, "@nest": { "@id": victim } }],
  ["nesting by a term", { "@context": { n: "@nest" }, id, n: { "@id": victim } }],
  [
    "a context that belongs to its type",
    {
      "@context": [activityStreams, { Person: { "@id": "as:Person", "@context": { id: null, foo: "@id" } } }],
      type: "Person",
      id,
      foo: victim,
    },
  ],
];

test.each(tricks)("a document with %s has no id", (_, json) => {
  expect(findDocumentId(json)).toBeUndefined();
});

test("a JSON-LD processor does take such a document for the victim's", async () => {
  const json = { "@context": { n: "@nest" }, id, n: { "@id": victim, "@type": `${activityStreams}#Person` } };
  const person = await Person.fromJsonLd(json, { contextLoader: loadContext });
  expect(person.id?.href).toBe(victim);
  expect(findDocumentId(json)).toBeUndefined();
});

test.each([
  undefined,
  null,
  7,
  "",
  "actor",
  "/actor",
  "acct:a@b",
  "urn:uuid:1",
  ["https://a.example/"],
  `https://a.example/${"x".repeat(2_048)}`,
])("%s is no id", (value) => {
  expect(findDocumentId({ id: value })).toBeUndefined();
});
