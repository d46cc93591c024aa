import { expect, test } from "vitest";
import { toEssence } from "./inbound-essence.ts";

const bob = "https://remote.example/users/bob";
const context = ["https://www.w3.org/ns/activitystreams", { sensitive: "as:sensitive" }];

test("a post keeps what is read of it, and what stands inside it gives ids", () => {
  const note = {
    id: `${bob}/1`,
    type: "Note",
    attributedTo: [{ id: bob, type: "Person" }],
    inReplyTo: { id: `${bob}/0`, type: "Note", content: "before" },
    contentMap: { en: "<p>x</p>", de: ["y"] },
    url: [{ type: "Link", mediaType: "text/html", href: `${bob}/1.html`, tag: [1] }, `${bob}/1`],
    to: ["as:Public"],
    claim: `${bob}/claims/1`,
  };
  const more = { tag: [{ type: "Mention" }], attachment: [], replies: { type: "Collection" }, proof: {} };
  const activity = { "@context": context, id: `${bob}/c`, type: "Create", actor: { id: bob, inbox: "x" } };
  expect(toEssence({ ...activity, ...more, object: { ...note, ...more } })).toEqual({
    ...activity,
    actor: bob,
    object: {
      ...note,
      attributedTo: [bob],
      inReplyTo: `${bob}/0`,
      contentMap: { en: "<p>x</p>" },
      url: [{ type: "Link", mediaType: "text/html", href: `${bob}/1.html` }, `${bob}/1`],
    },
  });
});

test("what is undone keeps what it was, also without an id", () => {
  const object = { type: "Follow", actor: bob, object: "https://local.example/users/alice" };
  const undo = { id: `${bob}/u`, type: "Undo", actor: bob };
  expect(toEssence({ ...undo, object })).toEqual({ ...undo, object });
  expect(toEssence({ ...undo, object: [object] })).toEqual({ ...undo, object: [object] });
  const embedded = { ...object, object: { id: object.object, type: "Person" } };
  expect(toEssence({ ...undo, object: embedded })).toEqual({ ...undo, object });
});

test("of several objects their ids are kept, of long lists the beginning", () => {
  const posts = Array.from({ length: 300 }, (_, at) => ({ id: `${bob}/${at}`, type: "Note", content: "x" }));
  const { object } = toEssence({ type: "Flag", object: posts });
  expect(object).toEqual(posts.slice(0, 200).map(({ id }) => id));
});

test("terms that bring a context of their own mean nothing", () => {
  const scoped = { Note: { "@id": "as:Note", "@context": { x: "as:y" } }, z: { "@id": "as:z" } };
  expect(toEssence({ "@context": ["https://a.example", scoped] })).toEqual({
    "@context": ["https://a.example", { z: { "@id": "as:z" } }],
  });
});
