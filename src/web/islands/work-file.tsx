/** @jsxImportSource jsx-dom */
import type { Announce } from "./announce.tsx";
import { createClaimedNotice } from "./claimed-notice.tsx";
import { describeMedia } from "./describe-media.ts";
import { formatSize, toFieldValues, toName } from "./file-facts.ts";
import { hashFile } from "./hash-file.ts";
import { makePreview } from "./make-preview.ts";

/** Lets the form that registers a work be filled from a file, which stays on the visitor's device. */
export function addWorkFile(form: HTMLFormElement, announce: Announce): void {
  const chooser = (
    <input type="file" id="work-file" aria-describedby="work-file-hint" />
  ) as HTMLInputElement;
  const progress = (<div class="hashing" />) as HTMLElement;
  const notice = createClaimedNotice();
  form.prepend(
    <fieldset class="work-file">
      <legend>Begin with the file</legend>
      <div class="field">
        <label htmlFor="work-file">The file of the work</label>
        <p class="hint" id="work-file-hint">
          It stays on your device. Its hash, its measures and a small preview are filled in below.
        </p>
        {chooser}
      </div>
      {progress}
      {notice.element}
    </fieldset>,
  );
  const hashField = field(form, "content_hash");
  hashField?.addEventListener("change", () => void notice.check(hashField.value.trim()));

  let running: AbortController | undefined;
  let filledName = "";
  chooser.addEventListener("change", async () => {
    running?.abort();
    filledName = clear(form, filledName);
    void notice.check("");
    const file = chooser.files?.[0];
    if (file == null) return progress.replaceChildren();
    const aborter = (running = new AbortController());
    const { signal } = aborter;
    if (field(form, "name")?.value === "") {
      filledName = toName(file);
      fill(form, "name", filledName);
    }
    void fillFacts(form, file, signal);
    const bar = createProgress(file, () => aborter.abort());
    progress.replaceChildren(bar.element);
    announce(`Hashing ${file.name}`);
    try {
      const hash = await hashFile(file, { onProgress: bar.show, signal });
      fill(form, "content_hash", hash);
      progress.replaceChildren(<p class="good">Hashed {formatSize(file.size)}.</p>);
      announce(`Hashed ${file.name}`);
      await notice.check(hash);
    } catch (error) {
      if (running !== aborter) return;
      const text = signal.aborted ? "Stopped." : `The file could not be read: ${String(error)}`;
      progress.replaceChildren(<p class="error">{text}</p>);
      announce(text);
    }
  });
}

/** Takes back all that another file has filled in; a name that was changed by hand stays. Gives the name that is left. */
function clear(form: HTMLFormElement, filledName: string): string {
  for (const name of ["content_hash", "media_type", "width", "height", "duration", "blurhash"])
    fill(form, name, "");
  if (field(form, "name")?.value === filledName) fill(form, "name", "");
  attach(form, undefined);
  return "";
}

/** Measures the file and makes a preview of it, beside the hashing. */
async function fillFacts(form: HTMLFormElement, file: File, signal: AbortSignal): Promise<void> {
  const { facts, release } = await describeMedia(file);
  try {
    const { picture } = facts;
    // A picture that can't be painted has no preview.
    const preview = picture == null ? undefined : await makePreview(picture).catch(() => undefined);
    if (signal.aborted) return;
    for (const [name, value] of Object.entries(toFieldValues(file, facts))) fill(form, name, value);
    fill(form, "blurhash", preview?.blurhash ?? "");
    attach(form, preview?.file);
  } finally {
    release();
  }
}

/** Puts the preview into the form's own field, as if the visitor had chosen it, and shows it. */
function attach(form: HTMLFormElement, preview: File | undefined): void {
  const input = field(form, "preview");
  if (!(input instanceof HTMLInputElement) || input.type !== "file") return;
  const files = new DataTransfer();
  if (preview != null) files.items.add(preview);
  input.files = files.files;
  form.querySelector(".preview")?.remove();
  if (preview == null) return;
  const picture = (<img class="preview" alt="Preview of the work" />) as HTMLImageElement;
  picture.src = URL.createObjectURL(preview);
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
  input.after(picture);
}

function createProgress(file: File, stop: () => void) {
  const bar = (<progress max={file.size} value={0} aria-label="Hashing" />) as HTMLProgressElement;
  const text = (<span>0%</span>) as HTMLElement;
  const button = (
    <button type="button" class="link" onClick={stop}>
      Stop
    </button>
  );
  return {
    element: (
      <p>
        {bar} {text} {button}
      </p>
    ),
    show(bytes: number) {
      bar.value = bytes;
      text.textContent = `${formatSize(bytes)} of ${formatSize(file.size)}`;
    },
  };
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function field(form: HTMLFormElement, name: string): Control | undefined {
  const element = form.elements.namedItem(name);
  const known =
    element instanceof HTMLInputElement ||
    element instanceof HTMLSelectElement ||
    element instanceof HTMLTextAreaElement;
  return known ? element : undefined;
}

function fill(form: HTMLFormElement, name: string, value: string): void {
  const element = field(form, name);
  if (element != null) element.value = value;
}
