import { createAnnouncer } from "./announce.tsx";
import { addCopyButtons } from "./copy-buttons.tsx";
import { followActivities } from "./live-activities.ts";
import { keepFresh } from "./refresh.ts";
import { addWorkFile } from "./work-file.tsx";

const announce = createAnnouncer();

/** Each island and the elements it is for. Every page is complete without them. */
addCopyButtons(document, announce);
each("form[data-work-file]", (form: HTMLFormElement) => addWorkFile(form, announce));
each("[data-live]", followActivities);
each("[data-refresh]", keepFresh);

function each<T extends HTMLElement>(selector: string, island: (element: T) => void): void {
  for (const element of document.querySelectorAll<T>(selector)) island(element);
}
