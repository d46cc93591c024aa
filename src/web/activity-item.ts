import { asObject, type JsonObject } from "../claims/json.ts";
import type { LogEntry } from "../db/log.ts";
import type { ActivityItem } from "./views/props.ts";

/** An entry of the log as pages list it. */
export function toActivityItem({ index, type, username, document, created }: LogEntry): ActivityItem {
  const name =
    document == null ? undefined : asObject((JSON.parse(document) as JsonObject)["object"])?.["name"];
  return {
    index,
    type,
    username,
    created_at: created.toISOString(),
    withdrawn: document == null,
    name: typeof name === "string" ? name : null,
  };
}
