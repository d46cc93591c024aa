import { describe, expect, it } from "vitest";
import type { AssetJson } from "../asset-json.ts";
import { ActivitiesPage } from "./activities.tsx";
import { ActivityPage } from "./activity.tsx";
import { ActorsPage } from "./actors.tsx";
import { AssetPage } from "./asset.tsx";
import { AssetCard } from "./asset-card.tsx";
import { AssetsPage } from "./assets.tsx";
import { ErrorPage } from "./error.tsx";
import { formatCount, formatDate, formatDuration, toParagraphs } from "./format.ts";
import { HomePage } from "./home.tsx";
import { HomeFeedPage } from "./home-feed.tsx";
import { httpUrl } from "./http-url.ts";
import { Layout } from "./layout.tsx";
import { LoginPage } from "./login.tsx";
import { NewAssetPage } from "./new-asset.tsx";
import { ProfilePage } from "./profile.tsx";
import type { FormState, HomeFeedPost, PageFrame } from "./props.ts";
import { RegisterPage } from "./register.tsx";
import { UsersPage } from "./users.tsx";

const hostile = `<script>alert("x")</script>'"&`;
const emptyForm: FormState = { values: {}, errors: [] };

const hostileTexts = {
  name: hostile,
  summary: hostile,
  fields: [{ name: hostile, value: `${hostile} javascript:alert(1)` }],
  icon_url: hostile,
  image_url: "javascript:alert(1)",
  moved_to: hostile,
};

const asset: AssetJson = {
  name: "Low tide",
  content_hash: "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
  hash_algorithm: "sha3-256",
  asset_type: "image",
  tags: [],
  metadata: null,
  description: null,
  url: null,
  media_type: null,
  width: null,
  height: null,
  duration: null,
  alt: null,
  blurhash: null,
  preview_url: null,
  license: null,
  language: null,
  sensitive: false,
  content_warning: null,
  owner: "alice",
  created_at: "2026-11-22T12:00:00.000Z",
  index: 7,
  activity: "https://art.example/activities/7",
  object: "https://art.example/objects/a7ff",
  page: "https://art.example/asset/Low%20tide",
  post: "https://art.example/notes/7",
  likes: 0,
  shares: 0,
  replies: 0,
  contested: false,
  first_claim: null,
  updated_at: null,
  latest_activity: "https://art.example/activities/7",
  provenance: null,
};

const post: HomeFeedPost = {
  id: "https://far.example/notes/1",
  url: null,
  content: "<p>New <em>work</em></p>",
  published: "2026-11-22T12:00:00Z",
  actor: "https://far.example/users/bob",
  author: "Bob",
  claim: null,
  liked: false,
  shared: false,
  shareable: true,
};

const feed = { username: "alice", posts: [post], next: null, following: [], form: emptyForm };

const frame: PageFrame = { title: "Assets", path: "/assets", username: null, registrationOpen: true };

const withAsset = (changes: Partial<AssetJson>) => (
  <AssetPage asset={{ ...asset, ...changes }} handle="@alice@art.example" proof="valid" />
);

describe("text of users", () => {
  it("is escaped in names, tags, descriptions, metadata and warnings", () => {
    const html = String(
      withAsset({
        name: hostile,
        tags: [hostile],
        description: hostile,
        metadata: { [hostile]: hostile, parts: { [hostile]: hostile } },
        license: hostile,
        language: hostile,
        media_type: hostile,
        alt: hostile,
        content_warning: hostile,
        url: "https://media.example/a.png",
      }),
    );
    expect(html).not.toContain("<script");
    expect(html).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
  });

  it("leaves no attribute, wherever it stands", () => {
    const named = {
      ...asset,
      name: hostile,
      alt: hostile,
      owner: hostile,
      url: "https://media.example/a.png",
    };
    const item = {
      index: 1,
      type: hostile,
      username: hostile,
      created_at: hostile,
      name: hostile,
      withdrawn: false,
    };
    const user = { username: hostile, handle: hostile, assets: 1, created_at: hostile };
    const claim = { url: hostile, content_hash: hostile, verified: true, withdrawn: false };
    const pages = [
      <AssetCard asset={named} />,
      <AssetsPage
        assets={[named]}
        total={1}
        next={null}
        filter={{ q: hostile, tag: hostile, owner: hostile }}
      />,
      <ActivitiesPage items={[item]} total={1} next={null} live={null} />,
      <ActivityPage item={item} document={hostile} proof="valid" />,
      <UsersPage items={[user]} total={1} next={null} />,
      <ProfilePage
        user={user}
        followers={0}
        following={0}
        assets={[named]}
        more={null}
        texts={hostileTexts}
        follow={{ type: "remote" }}
      />,
      <ActorsPage
        title="Followers"
        username="alice"
        actors={[{ url: hostile, handle: hostile, name: hostile }]}
        next={null}
      />,
      <HomeFeedPage
        {...feed}
        posts={[{ ...post, id: hostile, url: hostile, actor: hostile, author: hostile, claim }]}
        following={[{ handle: hostile, url: hostile, accepted: false }]}
        notice={hostile}
      />,
      <LoginPage
        form={{ values: { username: hostile }, errors: [{ field: hostile, message: hostile }] }}
        next={hostile}
      />,
      <ErrorPage status={404} title={hostile} detail={hostile} />,
      <Layout {...frame} title={hostile} path={hostile} username={hostile} />,
    ];
    for (const page of pages) {
      const html = String(page);
      // The layout's own script is the only one.
      expect(html.replace('<script type="module" src="/islands.js"></script>', "")).not.toContain("<script");
      expect(html).not.toMatch(/alert\("x"\)/);
    }
  });

  it("is split into paragraphs, and keeps its line breaks", () => {
    expect(toParagraphs("one\r\ntwo\r\n\r\n\r\nthree\n \n")).toEqual(["one\ntwo", "three"]);
    expect(String(withAsset({ description: "one\n\ntwo" }))).toMatch(
      /<p dir="auto">one<\/p><p dir="auto">two<\/p>/,
    );
  });
});

describe("URLs of users", () => {
  it("are http or https, without a name in them", () => {
    expect(httpUrl("https://a.example/b")).toBe("https://a.example/b");
    expect(httpUrl("http://a.example")).toBe("http://a.example/");
    for (const url of [
      "javascript:alert(1)",
      "data:text/html,x",
      "//a.example",
      "https://u:p@a.example/",
      "",
      null,
    ]) {
      expect(httpUrl(url)).toBeUndefined();
    }
  });

  it("become neither links nor media when they are anything else", () => {
    const url = "javascript:alert(1)";
    const first = { contested: true, first_claim: url, post: url, object: url };
    const claim = { url, content_hash: null, verified: false, withdrawn: false };
    const pages = [
      withAsset({ url, preview_url: url, license: url, ...first }),
      <AssetCard asset={{ ...asset, url, preview_url: url }} />,
      <ActorsPage
        title="Followers"
        username="alice"
        actors={[{ url, handle: "@b@c", name: null }]}
        next={null}
      />,
      <HomeFeedPage
        {...feed}
        posts={[{ ...post, id: url, url, actor: url, claim }]}
        following={[{ handle: "@b@c", url, accepted: true }]}
      />,
    ];
    for (const page of pages) expect(String(page)).not.toMatch(/(?:href|src|poster|action)="\s*javascript:/i);
  });
});

describe("an asset", () => {
  it("is shown as what it is", () => {
    const url = "https://media.example/a";
    expect(String(withAsset({ url, width: 800, height: 600 }))).toContain(
      `<img src="${url}" alt="Low tide" loading="lazy" decoding="async" width="800" height="600"/>`,
    );
    const video = String(
      withAsset({ url, media_type: "video/mp4", preview_url: "https://media.example/p.png" }),
    );
    expect(video).toMatch(/<video controls="" .*poster="https:\/\/media\.example\/p\.png"/);
    expect(String(withAsset({ url, asset_type: "audio" }))).toContain('<audio controls=""');
    expect(String(withAsset({ asset_type: "recipe" }))).toContain("<span>recipe</span>");
    expect(String(withAsset({ url, media_type: "application/json" }))).toContain('class="media placeholder"');
  });

  it("stays behind its content warning", () => {
    const html = String(
      withAsset({ url: "https://media.example/a", sensitive: true, content_warning: "Blood" }),
    );
    expect(html).toMatch(/<details class="media veiled"><summary>.*Blood.*<\/summary><img .*<\/details>/);
  });

  it("shows the whole hash, and where its records are", () => {
    const html = String(withAsset({}));
    expect(html).toContain(`<code class="hash" data-copy="hash">${asset.content_hash}</code>`);
    expect(html).toContain('<a href="/activities/7">');
    expect(html).toContain('<a href="https://art.example/notes/7">');
    expect(String(withAsset({ post: null }))).not.toContain("Post</a>");
  });

  it("names the first claim where it is a later one", () => {
    const later = String(withAsset({ contested: true, first_claim: "https://art.example/activities/3" }));
    expect(later).toContain('<a href="https://art.example/activities/3">See the first claim</a>');
    expect(String(withAsset({ contested: true }))).toContain(`<a href="/objects/${asset.content_hash}">`);
    expect(String(withAsset({}))).not.toContain("Contested claim");
  });
});

describe("a form", () => {
  it("links its errors to its fields, and its fields to their errors", () => {
    const errors = [
      { field: "username", message: "is reserved" },
      { field: "", message: "the server is busy" },
    ];
    const html = String(
      <RegisterPage form={{ values: { username: "admin", password: "secret" }, errors }} />,
    );
    expect(html).toContain('<a href="#field-username">Username: is reserved</a>');
    expect(html).toContain("<li>The server is busy</li>");
    expect(html).toContain('id="field-username-error">Is reserved</p>');
    expect(html).toMatch(/<input id="field-username" [^>]*aria-invalid="true" [^>]*value="admin"/);
    expect(html).toMatch(/aria-describedby="field-username-hint field-username-error"/);
    expect(html).not.toContain("secret");
  });

  it("has no summary while nothing is wrong", () => {
    expect(String(<RegisterPage form={emptyForm} />)).not.toContain("alert");
    expect(String(<RegisterPage form={emptyForm} />)).not.toContain("aria-invalid");
  });

  it("carries where to go after signing in", () => {
    const html = String(<LoginPage form={emptyForm} next="/new" />);
    expect(html).toContain('<input type="hidden" name="next" value="/new"/>');
    expect(String(<LoginPage form={emptyForm} next={null} />)).not.toContain("hidden");
  });

  it("shows a fault of one tag at the field of tags, and keeps what was chosen", () => {
    const errors = [{ field: "tags.3", message: "must not be blank" }];
    const values = { asset_type: "audio", description: "two\nlines" };
    const html = String(<NewAssetPage form={{ values, errors }} />);
    expect(html).toContain('<a href="#field-tags">Tags: must not be blank</a>');
    expect(html).toContain('<option value="audio" selected="">');
    expect(html).toContain(">two\nlines</textarea>");
  });
});

describe("an empty page", () => {
  it("says what to do", () => {
    const counts = { users: 0, assets: 0, activities: 0 };
    expect(String(<HomePage {...counts} latest={[]} readme="" />)).toContain('<a href="/new">');
    expect(String(<AssetsPage assets={[]} total={0} next={null} filter={{}} />)).toContain('<a href="/new">');
    const found = String(<AssetsPage assets={[]} total={0} next={null} filter={{ q: "sea" }} />);
    expect(found).toContain('<a href="/assets">show all works</a>');
    expect(String(<ActivitiesPage items={[]} total={0} next={null} live={null} />)).toContain(
      '<a href="/new">',
    );
    expect(String(<UsersPage items={[]} total={0} next={null} />)).toContain('<a href="/register">');
    expect(String(<HomeFeedPage {...feed} posts={[]} />)).toContain("Enter an artist&#39;s handle");
    const waiting = [{ handle: "@b@far.example", url: "https://far.example/b", accepted: false }];
    expect(String(<HomeFeedPage {...feed} posts={[]} following={waiting} />)).toContain("No posts yet");
  });
});

describe("the layout", () => {
  it("is a whole document that marks the current page", () => {
    const alternate = { href: "/assets", type: "application/json" };
    const html = String(
      <Layout {...frame} alternate={alternate}>
        <p>Here</p>
      </Layout>,
    );
    expect(html).toMatch(/^<!doctype html><html lang="en"><head>/);
    expect(html).toContain("<title>Assets · Art DAG L2</title>");
    expect(html).toContain('<a href="/assets" aria-current="page">Assets</a>');
    expect(html).toContain('<link rel="alternate" type="application/json" href="/assets"/>');
    expect(html).toMatch(/<main id="main" tabindex="-1"><p>Here<\/p><\/main>/);
  });

  it("holds no inline style or script", () => {
    const html = String(<Layout {...frame}>{withAsset({})}</Layout>);
    expect(html).not.toMatch(/\sstyle=|\son[a-z]+=|<style|<script(?! type="module" src=)/);
  });

  it("offers what a visitor can do", () => {
    const visitor = String(<Layout {...frame} />);
    expect(visitor).toContain('href="/register"');
    expect(visitor).not.toContain("/auth/logout");
    expect(String(<Layout {...frame} registrationOpen={false} />)).not.toContain('href="/register"');
    const user = String(<Layout {...frame} username="alice" />);
    expect(user).toContain('<form method="post" action="/auth/logout">');
    expect(user).toContain('<a href="/users/alice">');
    expect(user).not.toContain('href="/login"');
  });
});

describe("the home feed", () => {
  it("shows a post's HTML, and whether its claim holds", () => {
    const hash = asset.content_hash;
    const claim = {
      url: "https://far.example/claims/1",
      content_hash: hash,
      verified: true,
      withdrawn: false,
    };
    const html = String(<HomeFeedPage {...feed} posts={[{ ...post, claim }]} />);
    expect(html).toContain("<p>New <em>work</em></p>");
    expect(html).toContain("Verified claim");
    expect(html).toContain(asset.content_hash);
    const unverified = String(
      <HomeFeedPage {...feed} posts={[{ ...post, claim: { ...claim, verified: false } }]} />,
    );
    expect(unverified).toContain("Claim not verified");
    const gone = <HomeFeedPage {...feed} posts={[{ ...post, claim: { ...claim, withdrawn: true } }]} />;
    expect(String(gone)).toContain("Claim withdrawn");
    expect(String(gone)).not.toContain("Verified claim");
  });

  it("ends following by the actor's URL", () => {
    const following = [{ handle: "@b@far.example", url: "https://far.example/b", accepted: false }];
    const html = String(<HomeFeedPage {...feed} following={following} />);
    expect(html).toContain('<input type="hidden" name="unfollow" value="https://far.example/b"/>');
    expect(html).toContain("Requested");
  });
});

describe("formats", () => {
  it("are written as people read them", () => {
    expect(formatDate("2026-11-22T12:05:00Z")).toBe("22 Nov 2026");
    expect(formatDate("2026-11-22T12:05:00Z", true)).toBe("22 Nov 2026, 12:05 UTC");
    expect(formatDate("soon")).toBe("soon");
    expect(formatCount(1, "work")).toBe("1 work");
    expect(formatCount(1200, "entry", "entries")).toBe("1,200 entries");
    expect([4.25, 200, 3600, 3900].map(formatDuration)).toEqual(["4.3 s", "3 min 20 s", "1 h", "1 h 5 min"]);
  });
});
