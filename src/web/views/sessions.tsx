import { Fact, Facts } from "./facts.tsx";
import { SettingsNavigation } from "./settings-navigation.tsx";
import { When } from "./when.tsx";

/** A session or a renderer's token, as its user is shown it. */
export interface SessionItem {
  readonly id: string;
  readonly kind: "session" | "renderer";
  /** By what somebody signed in. */
  readonly label: string | null;
  /** The renderer's origin. */
  readonly l1_server: string | null;
  readonly scopes: readonly string[];
  readonly created_at: string;
  readonly last_used: string | null;
  readonly expires_at: string;
  /** Whether it is the one that asks. */
  readonly current: boolean;
}

/** Where a user is signed in, and what ends that. */
export function SessionsPage({ path, sessions }: { path: string; sessions: readonly SessionItem[] }) {
  return (
    <section class="narrow">
      <h1>Sessions</h1>
      <SettingsNavigation path={path} />
      <p>Where you are signed in, and the tokens that renderers were given in your name.</p>
      {sessions.length > 1 && (
        <form method="post" action={path}>
          <button type="submit" name="others" value="end">
            Sign out everywhere else
          </button>
        </form>
      )}
      {sessions.map((session) => (
        <Session key={session.id} path={path} session={session} />
      ))}
    </section>
  );
}

function Session({ path, session }: { path: string; session: SessionItem }) {
  const { id, kind, label, l1_server, scopes, created_at, last_used, expires_at, current } = session;
  const name = kind === "renderer" ? `Renderer ${l1_server}` : (label ?? "Unknown client");
  const heading = `session-${id}`;
  return (
    <article aria-labelledby={heading}>
      <h2 id={heading}>
        <bdi>{name}</bdi> {current && <span class="badge good">This session</span>}
      </h2>
      <Facts>
        <Fact label={kind === "renderer" ? "Given" : "Signed in"}>
          <When at={created_at} time />
        </Fact>
        <Fact label="Last used">{last_used == null ? "Not yet" : <When at={last_used} time />}</Fact>
        <Fact label="Expires">
          <When at={expires_at} time />
        </Fact>
        <Fact label="May">
          {kind === "session" && "Do everything that you may"}
          {kind === "renderer" &&
            (scopes.includes("record-run") ? "Sign you in there, record runs" : "Sign you in there")}
        </Fact>
      </Facts>
      <form method="post" action={path}>
        <button class="link" type="submit" name="end" value={id} aria-describedby={heading}>
          {current ? "Sign out" : "End"}
        </button>
      </form>
    </article>
  );
}
