/** @jsxImportSource jsx-dom */
import type { Announce } from "./announce.tsx";

/** Gives every element with `data-copy`, which says what it holds, a button that copies its text. */
export function addCopyButtons(root: ParentNode, announce: Announce): void {
  // Without a secure context there is no clipboard, and no button that would fail.
  if (navigator.clipboard == null) return;
  for (const element of root.querySelectorAll<HTMLElement>("[data-copy]")) {
    element.after(<CopyButton of={element} announce={announce} />);
  }
}

function CopyButton({ of, announce }: { of: HTMLElement; announce: Announce }) {
  const button = (
    <button type="button" class="copy" aria-label={`Copy ${of.dataset["copy"] ?? ""}`.trim()}>
      Copy
    </button>
  );
  button.addEventListener("click", async () => {
    const done = await navigator.clipboard.writeText(of.textContent.trim()).then(
      () => "Copied",
      () => "Could not copy",
    );
    button.textContent = done;
    announce(done);
    setTimeout(() => {
      button.textContent = "Copy";
      announce("");
    }, 2000);
  });
  return button;
}
