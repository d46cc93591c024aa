import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { Marked } from "marked";
import type { PublicFiles } from "./context.ts";

/** Reads what pages are made of: the built stylesheet and bundle, and the project's README. */
export async function readPublicFiles(): Promise<PublicFiles> {
  const root = findRoot(import.meta.dirname);
  const read = (file: string) => readFile(path.join(root, file), "utf8");
  return {
    style: await read("dist/public/style.css"),
    islands: await read("dist/public/islands.js"),
    hashWorker: await read("dist/public/hash-worker.js"),
    readme: await renderReadme(await read("README.md")),
  };
}

/**
 * Links to files of the project become text: this server does not serve them. What may be wider than the screen can be
 * scrolled by keyboard.
 */
async function renderReadme(markdown: string): Promise<string> {
  const marked = new Marked();
  const { code, table } = marked.Renderer.prototype;
  marked.use({
    renderer: {
      // Nor its pictures, for which alone there is HTML in it.
      html: () => "",
      code(token) {
        return code.call(this, token).replace("<pre>", '<pre tabindex="0">');
      },
      table(token) {
        const label = token.header.map(({ tokens }) => this.parser.parseInline(tokens)).join(", ");
        return `<div class="scroll" tabindex="0" role="region" aria-label="${label}">${table.call(this, token)}</div>`;
      },
      link({ href, tokens }) {
        return URL.canParse(href) ? false : this.parser.parseInline(tokens);
      },
    },
  });
  return await marked.parse(markdown);
}

/** The project's folder, from the sources as well as from what was built of them. */
function findRoot(directory: string): string {
  return existsSync(path.join(directory, "package.json")) ? directory : findRoot(path.dirname(directory));
}
