import { expect, test } from "vitest";
import { isActivityType } from "./media-type.ts";

const profile = "https://www.w3.org/ns/activitystreams";

test.each([
  "application/activity+json",
  "Application/Activity+JSON; charset=utf-8",
  "application/ld+json",
  "application/ld+json; charset=utf-8",
  `application/ld+json; profile="${profile}"`,
  `application/ld+json;profile=${profile};charset=utf-8`,
  `application/ld+json; profile="https://other.example ${profile}"`,
])("%s is ActivityPub's", (type) => {
  expect(isActivityType(type)).toBe(true);
});

test.each([
  null,
  "",
  "text/html",
  "text/plain",
  "image/png",
  "application/json",
  "application/jrd+json",
  "application/activity+jsonx",
  "text/plain; application/activity+json",
  "text/html, application/activity+json",
  'application/ld+json; profile="https://other.example"',
  `application/ld+json; profile="${profile}.evil.example"`,
])("%s is not ActivityPub's", (type) => {
  expect(isActivityType(type)).toBe(false);
});
