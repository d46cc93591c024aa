/** The way to the next page; nothing on the last one. */
export function Pagination({ next, label }: { next: string | null; label: string }) {
  if (next == null) return null;
  return (
    <nav class="pagination" aria-label="Pages">
      <a class="button" href={next} rel="next">
        {label}
      </a>
    </nav>
  );
}
