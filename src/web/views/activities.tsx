import { ActivityEntry } from "./activity-entry.tsx";
import { formatCount } from "./format.ts";
import { Pagination } from "./pagination.tsx";
import type { ActivitiesProps } from "./props.ts";

/** The log: every activity at its index. */
export function ActivitiesPage({ items, total, next, live }: ActivitiesProps) {
  return (
    <>
      <div class="heading">
        <h1>Activities</h1>
        <p class="muted">{formatCount(total, "entry", "entries")}</p>
      </div>
      {items.length > 0 ? (
        <ol class="register" data-live={live ?? undefined}>
          {items.map((item) => (
            <ActivityEntry key={item.index} item={item} />
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
