import { local } from "../../core/paths.ts";
import type { ActivityItem } from "./props.ts";

const verbs: Readonly<Record<string, string>> = {
  Create: "registered",
  Update: "updated",
  Delete: "withdrew",
  Announce: "shared",
  Undo: "no longer shares",
};

/** What somebody did, as a sentence. */
export function ActivityLine({ item }: { item: ActivityItem }) {
  if (item.withdrawn) return <span class="muted">withdrawn</span>;
  return (
    <>
      <a href={local.actor(item.username)}>@{item.username}</a> {verbs[item.type] ?? item.type}{" "}
      {item.name == null ? (
        "a work"
      ) : (
        <a href={local.assetPage(item.name)} dir="auto">
          {item.name}
        </a>
      )}
    </>
  );
}
