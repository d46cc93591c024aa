import { Activity } from "@fedify/vocab";
import { describe, expect, test } from "vitest";
import {
  alicesProofKey,
  effect,
  image,
  paths,
  registration,
  verifiesWithFedify,
} from "../../test/helpers/claims.ts";
import { loadContext } from "../net/contexts.ts";
import { buildClaim, buildClaimDelete, buildClaimUpdate } from "./claim.ts";
import { asObject, type JsonObject, toStoredText } from "./json.ts";
import { buildPost, buildPostDelete, buildPostUpdate } from "./post.ts";
import { prove } from "./proof.ts";
import { buildShare, buildUnshare } from "./share.ts";

const updated = new Date("2026-11-23T08:00:00Z");
const change = { registration: registration(image), index: 9, updated };
const withdrawal = { username: "alice", claimIndex: 7, index: 9, deleted: updated, post: "public" as const };
const sharing = {
  username: "alice",
  index: 9,
  object: "https://other.example/notes/1",
  author: "https://other.example/users/bob",
  published: updated,
};
const undo = { index: 10, published: new Date("2026-11-24T08:00:00Z") };

const documents: [string, JsonObject][] = [
  ["the change of a claim", buildClaimUpdate(paths, change)],
  ["the withdrawal of a claim", buildClaimDelete(paths, withdrawal)],
  ["the change of a post", buildPostUpdate(paths, change)],
  ["the withdrawal of a post", buildPostDelete(paths, withdrawal)],
  ["a share", buildShare(paths, sharing)],
  ["the end of a share", buildUnshare(paths, sharing, undo)],
];

describe.each(documents)("%s", (_name, document) => {
  test("is found proved by Fedify and comes out of its classes byte for byte", async () => {
    const proved = toStoredText(await prove(document, await alicesProofKey(), updated));
    expect(await verifiesWithFedify(JSON.parse(proved))).toBe(true);
    const activity = await Activity.fromJsonLd(JSON.parse(proved), { contextLoader: loadContext });
    expect(JSON.stringify(await activity.toJsonLd())).toBe(proved);
  });

  test("is not found proved once its time was changed", async () => {
    const proved = await prove(document, await alicesProofKey(), updated);
    expect(await verifiesWithFedify({ ...proved, published: "2026-01-01T00:00:00Z" })).toBe(false);
  });
});

test("a change says the whole object again, under its id and with its first date", () => {
  const claim = buildClaim(paths, registration(image));
  expect(buildClaimUpdate(paths, change)).toEqual({
    ...claim,
    id: "https://artdag.example/activities/9",
    type: "Update",
    published: "2026-11-23T08:00:00Z",
    object: { ...asObject(claim["object"]), updated: "2026-11-23T08:00:00Z" },
  });
  const post = buildPost(paths, registration(image));
  expect(buildPostUpdate(paths, change)).toEqual({
    ...post,
    id: "https://artdag.example/notes/7#updates/9",
    type: "Update",
    published: "2026-11-23T08:00:00Z",
    object: { ...asObject(post["object"]), updated: "2026-11-23T08:00:00Z" },
  });
});

test("a withdrawal says nothing of the work", () => {
  const { "@context": _context, ...claim } = buildClaimDelete(paths, withdrawal);
  expect(claim).toEqual({
    id: "https://artdag.example/activities/9",
    type: "Delete",
    actor: "https://artdag.example/users/alice",
    published: "2026-11-23T08:00:00Z",
    object: {
      id: "https://artdag.example/activities/7",
      type: "Tombstone",
      formerType: "Create",
      deleted: "2026-11-23T08:00:00Z",
    },
  });
  const { "@context": _same, ...post } = buildPostDelete(paths, { ...withdrawal, post: "unlisted" });
  expect(post).toEqual({
    id: "https://artdag.example/notes/7#delete",
    type: "Delete",
    actor: "https://artdag.example/users/alice",
    published: "2026-11-23T08:00:00Z",
    to: ["https://artdag.example/users/alice/followers"],
    cc: ["https://www.w3.org/ns/activitystreams#Public"],
    object: {
      id: "https://artdag.example/notes/7",
      type: "Tombstone",
      formerType: "Note",
      deleted: "2026-11-23T08:00:00Z",
    },
  });
});

test("the end of a share holds the share whole, and goes to whom it went", () => {
  const share = buildShare(paths, sharing);
  expect(share["cc"]).toEqual(["https://artdag.example/users/alice/followers", sharing.author]);
  const { object, to, cc, id } = buildUnshare(paths, sharing, undo);
  const { "@context": _context, to: _to, cc: _cc, ...announce } = share;
  expect(object).toEqual(announce);
  expect([to, cc, id]).toEqual([share["to"], share["cc"], "https://artdag.example/activities/10"]);
});

test("a share of a work of this server names no author", () => {
  const { author: _remote, ...own } = sharing;
  expect(buildShare(paths, own)["cc"]).toEqual(["https://artdag.example/users/alice/followers"]);
});

test("a drawing that not every server shows gives way to its preview, where there is one", () => {
  const drawing = { ...image, url: "https://media.example/d.svg", mediaType: "image/svg+xml" };
  const shown = (work: typeof drawing & { previewUrl?: string }) =>
    asObject(buildPost(paths, registration(work))["object"])?.["attachment"];
  expect(shown(drawing)).toMatchObject([{ mediaType: "image/svg+xml" }]);
  expect(shown({ ...drawing, previewUrl: "https://media.example/d.png" })).toMatchObject([
    { mediaType: "image/png", url: "https://media.example/d.png" },
  ]);
});

test("a claim to a burnt hash, and its changes, have an address with their index", () => {
  const later = { ...change, registration: registration(effect, { laterIndex: 7 }) };
  expect(asObject(buildClaimUpdate(paths, later)["object"])?.["id"]).toMatch(/\/objects\/Qm\w+\/7$/);
});
