import type { ErrorProps } from "./props.ts";

/** What went wrong, in words that are safe to show. */
export function ErrorPage({ status, title, detail }: ErrorProps) {
  return (
    <section class="narrow">
      <p class="status">{status}</p>
      <h1>{title}</h1>
      <p class="lead">{detail}</p>
      <p>
        <a href="/">Start page</a> or <a href="/assets">all works</a>
      </p>
    </section>
  );
}
