import { expect, test } from "vitest";
import type { ProvenanceJson } from "../provenance-json.ts";
import { ProvenanceFacts } from "./provenance.tsx";
import { RecordRunPage } from "./record-run.tsx";

const hash = "a".repeat(64);
const provenance: ProvenanceJson = {
  run: "https://l1.example/runs/run-1",
  renderer: "https://l1.example",
  recipe: { name: "<script>dog", content_hash: null, asset: null, claims: [] },
  inputs: [
    { name: '"><img src=x>', content_hash: hash, asset: "https://l2.example/assets/sea", claims: [] },
    { name: null, content_hash: hash, asset: null, claims: ["javascript:alert(1)"] },
  ],
  started_at: null,
  completed_at: "2026-01-10T10:00:09Z",
  run_digest: "b".repeat(64),
  evidence: "bytes-checked",
  run_document: "https://l2.example/assets/waves/run",
};

const show = (value: ProvenanceJson | null) => String(<ProvenanceFacts name="waves" provenance={value} />);

test("what a renderer has called recipe and inputs is text, and no link but http leads anywhere", () => {
  const html = show(provenance);
  expect(html).toContain("&lt;script&gt;dog");
  expect(html).toContain("&quot;&gt;&lt;img src=x&gt;");
  expect(html).toContain(`<a href="https://l2.example/assets/sea"><code class="hash">${hash}</code></a>`);
  expect(html).not.toContain("javascript:");
  expect(html).toContain('<a href="/assets/waves/run">');
});

test("twenty inputs are shown, and where the rest is", () => {
  const inputs = Array.from({ length: 23 }, (_, number) => ({ name: `input ${number}`, content_hash: hash }));
  const html = show({ ...provenance, inputs });
  expect(html).toContain("input 19<");
  expect(html).not.toContain("input 20<");
  expect(html).toContain('<a href="/assets/waves">3 more inputs</a>');
});

test("an asset that was registered without a run has no such part", () => {
  expect(show(null)).toBe("");
});

test("a server without renderers says so instead of showing a form", () => {
  const html = String(<RecordRunPage form={{ values: {}, errors: [] }} l1Servers={[]} />);
  expect(html).toContain("This server has no renderers.");
  expect(html).not.toContain("<form");
});
