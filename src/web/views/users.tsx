import { countLimit } from "../../core/count-limit.ts";
import { local } from "../../core/paths.ts";
import { formatCount } from "./format.ts";
import { Pagination } from "./pagination.tsx";
import type { UsersProps } from "./props.ts";
import { When } from "./when.tsx";

/** Everybody who has an account. */
export function UsersPage({ items, total, next }: UsersProps) {
  return (
    <>
      <div class="heading">
        <h1>Users</h1>
        <p class="muted">{formatCount(total, "user")}</p>
      </div>
      {items.length > 0 ? (
        <ul class="people">
          {items.map((user) => (
            <li key={user.username}>
              <a class="person" href={local.actor(user.username)}>
                {user.username}
              </a>
              <span class="muted">{user.handle}</span>
              <span class="muted">
                {formatCount(user.assets, "work")}
                {user.assets < countLimit ? "" : " or more"} · since <When at={user.created_at} />
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p class="empty">
          Nobody has an account yet. <a href="/register">Make the first one</a>.
        </p>
      )}
      <Pagination next={next} label="More users" />
    </>
  );
}
