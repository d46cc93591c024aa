/** @jsxImportSource jsx-dom */

/** Says something to screen readers; the empty text ends it, so that the same words are said again the next time. */
export type Announce = (text: string) => void;

export function createAnnouncer(): Announce {
  const status = <p class="visually-hidden" role="status" aria-live="polite" />;
  document.body.append(status);
  return (text) => {
    status.textContent = text;
  };
}
