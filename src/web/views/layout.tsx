import { raw } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";
import { Head } from "./head.tsx";
import { Navigation } from "./navigation.tsx";
import type { PageFrame } from "./props.ts";
import { siteName } from "./site-name.ts";

/** A whole document around a page. */
export function Layout({ children, ...frame }: PropsWithChildren<PageFrame>) {
  return (
    <>
      {raw("<!doctype html>")}
      <html lang="en">
        <Head title={frame.title} alternate={frame.alternate} card={frame.card} />
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
