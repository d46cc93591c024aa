import { describe, expect, test } from "vitest";
import type { LineageJson, LineageNodeJson } from "../lineage-json.ts";
import { LineagePage, LineageSection } from "./lineage.tsx";

const hostile = `<script>alert("x")</script>'"&`;
const [root, far, gone, lost] = ["a", "b", "c", "d"].map((sign) => sign.repeat(64)) as [
  string,
  string,
  string,
  string,
];

function node(hash: string, more: Partial<LineageNodeJson> = {}): LineageNodeJson {
  return {
    hash,
    status: "unknown",
    contested: false,
    name: null,
    asset_type: null,
    page: null,
    object: null,
    claim: null,
    creators: [],
    claims: [],
    made_from_steps: 1,
    used_in_steps: null,
    ...more,
  };
}

const remote = {
  claim: "https://far.example/activities/7",
  creator: { handle: "@zoe@far.example", url: "https://far.example/users/zoe" },
  name: hostile,
  page: "javascript:alert(1)",
  object: "https://far.example/objects/b",
  withdrawn: false,
  verified: true,
  copy: "https://here.example/claims?id=x",
  kept_at: "2026-11-22T12:00:00.000Z",
};

const lineage: LineageJson = {
  root,
  nodes: [
    node(root, {
      status: "registered",
      name: "Mix",
      claims: [{ ...remote, copy: null, kept_at: null, name: "Mix" }],
      made_from_steps: 0,
      used_in_steps: 0,
    }),
    node(far, {
      status: "claimed",
      contested: true,
      name: hostile,
      page: "javascript:alert(1)",
      creators: [remote.creator, { handle: "@yan@more.example", url: "https://more.example/users/yan" }],
      claims: [remote],
    }),
    node(gone, { status: "withdrawn" }),
    node(lost),
  ],
  edges: [far, gone, lost].map((from, at) => ({
    from,
    to: root,
    role: at === 2 ? "recipe" : "input",
    name: from === gone ? "still" : null,
    claim: "https://here.example/activities/3",
  })),
  truncated: true,
};

const html = String(<LineagePage lineage={lineage} name="Mix" />);

describe("the picture of a lineage", () => {
  test("has every work as a link with words, and its place in the list below", () => {
    const links = [...html.matchAll(/<a href="([^"]+)" class="lineage-node ([^"]+)" aria-label="([^"]+)"/g)];
    expect(links.map(([, href, names]) => [href, names]).toSorted()).toEqual([
      [`#lineage-${gone}`, "withdrawn"],
      [`#lineage-${lost}`, "unknown"],
      ["/asset/Mix", "registered"],
      [`/claims?id=${encodeURIComponent(remote.claim)}`, "claimed contested"],
    ]);
    for (const { hash } of lineage.nodes) expect(html).toContain(`<tr id="lineage-${hash}"`);
    expect(html.match(/<text [^>]*class="lineage-name"/g)).toHaveLength(4);
  });

  test("tells contested, withdrawn and unknown works by words and by shape", () => {
    for (const words of ["contested", "withdrawn", "unknown"]) {
      expect(html).toMatch(new RegExp(`class="lineage-state"[^>]*>${words}<`));
    }
    expect(html.match(/<polygon/g)).toHaveLength(2);
    expect(html).toContain("still, withdrawn");
  });

  test("has a title, a description, and no style of its own", () => {
    expect(html).toMatch(/<svg [^>]*role="group"[^>]*aria-labelledby="lineage-title"/);
    expect(html).toContain('<title id="lineage-title">What Mix was made from, and used in</title>');
    expect(html).not.toMatch(/\sstyle=|<style/);
  });

  test("shows texts of other servers as text, and no address that runs", () => {
    expect(html).not.toContain("<script");
    expect(html).not.toContain('href="javascript:');
  });

  test("draws a line for each pair, dashed from a recipe", () => {
    expect(html.match(/class="lineage-edge"/g)).toHaveLength(2);
    expect(html.match(/class="lineage-edge recipe"/g)).toHaveLength(1);
  });

  test("credits everybody who claims an ancestor", () => {
    const credits = html.slice(html.indexOf('id="credits"'));
    for (const handle of ["@zoe@far.example", "@yan@more.example"]) expect(credits).toContain(handle);
  });

  test("says where the rest is when it shows a part", () => {
    expect(html).toContain("/assets/Mix/lineage?limit=1000");
    expect(String(<LineageSection lineage={lineage} name="Mix" />)).toContain('href="/asset/Mix/lineage"');
  });
});
