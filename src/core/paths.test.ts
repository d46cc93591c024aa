import { describe, expect, test } from "vitest";
import { createPaths, parseActorUrl } from "./paths.ts";

const paths = createPaths("http://localhost:8200");
const hash = { value: "ab".repeat(32) };

test("the addresses of a server are these", () => {
  expect({
    host: paths.host,
    actor: paths.actor("alice"),
    inbox: paths.inbox("alice"),
    sharedInbox: paths.sharedInbox,
    outbox: paths.outbox("alice"),
    followers: paths.followers("alice"),
    following: paths.following("alice"),
    instanceActor: paths.instanceActor,
    object: paths.object(hash),
    laterObject: paths.object(hash, 7),
    secondObject: paths.object(hash, 0),
    activity: paths.activity(0),
    note: paths.note(7),
    post: paths.post(7),
    asset: paths.asset("a b/c?d#e"),
    assetPage: paths.assetPage("é"),
    tag: paths.tag("a&b=c"),
    fragment: paths.fragment("alice", "follows", "1"),
  }).toEqual({
    host: "localhost:8200",
    actor: "http://localhost:8200/users/alice",
    inbox: "http://localhost:8200/users/alice/inbox",
    sharedInbox: "http://localhost:8200/inbox",
    outbox: "http://localhost:8200/users/alice/outbox",
    followers: "http://localhost:8200/users/alice/followers",
    following: "http://localhost:8200/users/alice/following",
    instanceActor: "http://localhost:8200/actor",
    object: `http://localhost:8200/objects/${hash.value}`,
    laterObject: `http://localhost:8200/objects/${hash.value}/7`,
    secondObject: `http://localhost:8200/objects/${hash.value}/0`,
    activity: "http://localhost:8200/activities/0",
    note: "http://localhost:8200/notes/7",
    post: "http://localhost:8200/notes/7#create",
    asset: "http://localhost:8200/assets/a%20b%2Fc%3Fd%23e",
    assetPage: "http://localhost:8200/asset/%C3%A9",
    tag: "http://localhost:8200/assets?tag=a%26b%3Dc",
    fragment: "http://localhost:8200/users/alice#follows/1",
  });
});

describe("the URL of a local actor", () => {
  test("gives the username", () => {
    expect(parseActorUrl(paths, paths.actor("alice"))).toBe("alice");
  });

  test.each([
    "http://localhost:8201/users/alice",
    "https://localhost:8200/users/alice",
    "http://localhost:8200.evil.test/users/alice",
    "http://localhost:8200/users/",
    "http://localhost:8200/users/alice/",
    "http://localhost:8200/users/alice#main-key",
    "http://localhost:8200/users/Alice",
    "http://localhost:8200/users/instance.actor",
    "http://localhost:8200/users/../x",
    "http://localhost:8200/actor",
    "alice",
  ])("is not %s", (url) => {
    expect(parseActorUrl(paths, url)).toBeUndefined();
  });
});
