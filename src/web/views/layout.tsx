import { raw } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";
import { Navigation } from "./navigation.tsx";
import type { PageFrame } from "./props.ts";

const siteName = "Art DAG L2";

/** A whole document around a page. */
export function Layout({ children, ...frame }: PropsWithChildren<PageFrame>) {
  return (
    <>
      {raw("<!doctype html>")}
      <html lang="en">
        <Head title={frame.title} alternate={frame.alternate} />
        <body>
          <a class="skip" href="#main">
            Skip to the content
          </a>
          <header class="site-header">
            <a class="site-name" href="/" aria-current={frame.path === "/" ? "page" : undefined}>
              {siteName}
            </a>
            <Navigation
              path={frame.path}
              username={frame.username}
              admin={frame.admin === true}
              registrationOpen={frame.registrationOpen}
            />
          </header>
          <main id="main" tabindex={-1}>
            {children}
          </main>
          <footer class="site-footer">
            <p>
              Every page is JSON too: ask with <code>Accept: application/json</code>
            </p>
          </footer>
        </body>
      </html>
    </>
  );
}

function Head({ title, alternate }: { title: string; alternate: PageFrame["alternate"] }) {
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{title === siteName ? siteName : `${title} · ${siteName}`}</title>
      <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      <link rel="stylesheet" href="/style.css" />
      {alternate != null && <link rel="alternate" type={alternate.type} href={alternate.href} />}
      <script type="module" src="/islands.js"></script>
    </head>
  );
}
