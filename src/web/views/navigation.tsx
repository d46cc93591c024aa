import { local } from "../../core/paths.ts";
import type { PageFrame } from "./props.ts";

type NavigationProps = Pick<PageFrame, "path" | "username" | "admin" | "registrationOpen">;

/** The links that every page has, and what a visitor can do with an account. */
export function Navigation({ path, username, admin, registrationOpen }: NavigationProps) {
  return (
    <nav class="site-nav" aria-label="Site">
      <ul>
        <Entry path={path} href="/assets" within="/asset/" label="Assets" />
        <Entry path={path} href="/activities" within="/activities/" label="Activities" />
        <Entry path={path} href="/users" label="Users" />
      </ul>
      {username == null ? (
        <ul>
          <Entry path={path} href="/login" label="Sign in" />
          {registrationOpen && <Entry path={path} href="/register" label="Register" />}
        </ul>
      ) : (
        <ul>
          <Entry path={path} href="/new" label="New asset" />
          <Entry path={path} href="/home" label="Home feed" />
          <Entry path={path} href="/renderers" label="Renderers" />
          <Entry path={path} href={local.actor(username)} label={`@${username}`} />
          <Entry path={path} href="/settings" within="/settings/" label="Settings" />
          {admin === true && <Entry path={path} href="/admin" within="/admin/" label="Administration" />}
          <li>
            <form method="post" action="/auth/logout">
              <button class="link" type="submit">
                Sign out
              </button>
            </form>
          </li>
        </ul>
      )}
    </nav>
  );
}

function Entry({
  path,
  href,
  within,
  label,
}: {
  path: string;
  href: string;
  within?: string;
  label: string;
}) {
  const inside = within != null && path.startsWith(within) ? "true" : undefined;
  return (
    <li>
      <a href={href} aria-current={path === href ? "page" : inside}>
        {label}
      </a>
    </li>
  );
}
