import { local } from "../../core/paths.ts";
import { ActivityLine } from "./activity-line.tsx";
import { formatCount } from "./format.ts";
import { Pagination } from "./pagination.tsx";
import type { ActivitiesProps } from "./props.ts";
import { When } from "./when.tsx";

/** The log: every activity at its index. */
export function ActivitiesPage({ items, total, next }: ActivitiesProps) {
  return (
    <>
      <div class="heading">
        <h1>Activities</h1>
        <p class="muted">{formatCount(total, "entry", "entries")}</p>
      </div>
      {items.length > 0 ? (
        <ol class="register">
          {items.map((item) => (
            <li key={item.index}>
              <a class="index" href={local.activity(item.index)} aria-label={`Activity ${item.index}`}>
                #{item.index}
              </a>
              <span>
                <ActivityLine item={item} />
              </span>
              <When at={item.created_at} time />
            </li>
          ))}
        </ol>
      ) : (
        <p class="empty">
          The log is empty. It begins with the first work: <a href="/new">register one</a>.
        </p>
      )}
      <Pagination next={next} label="Earlier activities" />
    </>
  );
}
