import type { Child } from "hono/jsx";

/** A list of names and values. */
export function Facts({ children, class: name = "" }: { children?: Child; class?: string }) {
  return <dl class={`facts ${name}`.trim()}>{children}</dl>;
}

/** One entry of it; absent while it has no value. */
export function Fact({ label, children }: { label: string; children?: Child }) {
  if (children == null || children === false || children === "") return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
