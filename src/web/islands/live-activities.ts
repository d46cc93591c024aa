/**
 * Puts new activities above a list that says where they come from (`data-live`), as the server writes them. The browser
 * connects again by itself, and tells the last index that it has seen.
 */
export function followActivities(list: HTMLElement): void {
  const source = new EventSource(list.dataset["live"] ?? "");
  source.addEventListener("activity", ({ data }: MessageEvent<string>) => {
    const template = document.createElement("template");
    template.innerHTML = data;
    const item = template.content.firstElementChild;
    // After a connection was lost some may come twice.
    if (item == null || list.querySelector(`#${item.id}`) != null) return;
    item.classList.add("new");
    list.prepend(item);
  });
  // A page that is left keeps no connection of the few that a browser has.
  addEventListener("pagehide", () => source.close());
}
