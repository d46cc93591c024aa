import { describe, expect, test } from "vitest";
import { readDomainBlocks, readList, writeDomainBlocks, writeList } from "./mastodon-csv.ts";

const exported = `#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
evil.test,suspend,true,true,"Spam, and ""worse""
on two lines",false
loud.test,silence,false,false,,false

late.test,suspend,true,true,,false
`;

describe("the list of domain blocks", () => {
  test("is read as Mastodon exports it, and says of each line what it can't take", () => {
    expect(readDomainBlocks(exported)).toEqual({
      blocks: [
        { line: 2, domain: "evil.test", comment: 'Spam, and "worse"\non two lines' },
        { line: 6, domain: "late.test", comment: null },
      ],
      errors: [{ line: 4, message: "the severity silence is none of this server's; only suspend is" }],
    });
  });

  test.each([
    "\ufeffevil.test\r\nworse.test\r\n",
    "domain\nevil.test\nworse.test",
    "severity,domain\nsuspend,evil.test\n,worse.test\n",
  ])("is read from %j too", (text) => {
    expect(readDomainBlocks(text).blocks.map(({ domain }) => domain)).toEqual(["evil.test", "worse.test"]);
  });

  test("comes back from what is written", () => {
    const blocks = [
      { domain: "evil.test", comment: 'a "b", c\nd' },
      { domain: "worse.test", comment: null },
    ];
    const read = readDomainBlocks(writeDomainBlocks(blocks)).blocks;
    expect(read.map(({ domain, comment }) => ({ domain, comment }))).toEqual(blocks);
    expect(writeDomainBlocks([])).toBe(
      "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n",
    );
  });

  test("of nothing has no blocks", () => {
    expect(readDomainBlocks("")).toEqual({ blocks: [], errors: [] });
  });
});

describe("a user's list", () => {
  test("has one value a line, with or without a heading", () => {
    const text = writeList(["mallory@evil.test", "https://evil.test/users/eve"]);
    expect(text).toBe("mallory@evil.test\nhttps://evil.test/users/eve\n");
    expect(readList(`Account address\n${text}`)).toEqual([
      { line: 2, value: "mallory@evil.test" },
      { line: 3, value: "https://evil.test/users/eve" },
    ]);
    expect(readList(text).map(({ line }) => line)).toEqual([1, 2]);
  });

  test("of a megabyte is read within a second", () => {
    const started = performance.now();
    expect(readList('"a\n'.repeat(300_000)).length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
