import { local } from "../../core/paths.ts";
import { ActivityLine } from "./activity-line.tsx";
import type { ActivityItem } from "./props.ts";
import { When } from "./when.tsx";

/** An activity in the list of all of them. */
export function ActivityEntry({ item }: { item: ActivityItem }) {
  return (
    <li id={`activity-${item.index}`}>
      <a class="index" href={local.activity(item.index)} aria-label={`Activity ${item.index}`}>
        #{item.index}
      </a>
      <span>
        <ActivityLine item={item} />
      </span>
      <When at={item.created_at} time />
    </li>
  );
}
