/** @jsxImportSource jsx-dom */

const status = <p class="visually-hidden" aria-live="polite" />;
document.body.append(status);

// Without a secure context there is no clipboard, and no button that would fail.
if (navigator.clipboard != null) {
  for (const element of document.querySelectorAll<HTMLElement>("[data-copy]")) {
    element.after(<CopyButton of={element} />);
  }
}

/** Copies the element's text; `data-copy` says what that is. */
function CopyButton({ of }: { of: HTMLElement }) {
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
    button.textContent = status.textContent = done;
    // Emptied again, so that the next time is announced as well.
    setTimeout(() => {
      button.textContent = "Copy";
      status.textContent = "";
    }, 2000);
  });
  return button;
}
