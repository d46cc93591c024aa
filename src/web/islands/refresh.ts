/**
 * Loads a part of the page anew, time after time, as long as it says so by `data-refresh` (seconds) and can be seen.
 * It must have an id. What the visitor is using is left alone.
 */
export function keepFresh(element: HTMLElement): void {
  const seconds = Number(element.dataset["refresh"]);
  setTimeout(() => void refresh(element), seconds * 1000);
}

async function refresh(element: HTMLElement): Promise<void> {
  const busy = document.hidden || element.contains(document.activeElement);
  const fresh = busy ? null : await load(element.id).catch(() => null);
  if (fresh == null) return keepFresh(element);
  if (fresh.outerHTML !== element.outerHTML) element.replaceWith(fresh);
  const current = document.getElementById(element.id);
  if (current?.dataset["refresh"] != null) keepFresh(current);
}

async function load(id: string): Promise<HTMLElement | null> {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
}
