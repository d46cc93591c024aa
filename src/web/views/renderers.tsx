import { local } from "../../core/paths.ts";
import { ErrorSummary } from "./error-summary.tsx";
import { Fact, Facts } from "./facts.tsx";
import type { FormState } from "./props.ts";
import { When } from "./when.tsx";

export interface RendererItem {
  /** Its origin. */
  readonly l1_server: string;
  readonly attached: boolean;
  readonly scopes: readonly string[];
  readonly created_at: string | null;
  readonly first_verified: string | null;
  readonly last_verified: string | null;
  /** Whether this server still offers it. */
  readonly available: boolean;
  /** `null`: not known. */
  readonly reachable: boolean | null;
}

interface RenderersPageProps {
  readonly servers: readonly RendererItem[];
  readonly form: FormState;
}

/** The renderers that can be attached, and those that are. */
export function RenderersPage({ servers, form }: RenderersPageProps) {
  return (
    <section class="narrow">
      <h1>Renderers</h1>
      <p>
        A renderer makes new works of those that are registered. When you attach one, it is told who you are
        and signs you in there; it never learns your password, and can't change anything here but what you
        allow.
      </p>
      {servers.length > 0 && (
        <p>
          What came of a finished run can be <a href={local.recordRun}>recorded as a work of yours</a>.
        </p>
      )}
      <ErrorSummary form={form} labels={{}} />
      {servers.map((server) => (
        <Renderer key={server.l1_server} server={server} />
      ))}
      {servers.length === 0 && <p class="empty">This server has no renderers.</p>}
    </section>
  );
}

function Renderer({ server }: { server: RendererItem }) {
  const { l1_server: origin, attached, available } = server;
  const heading = `renderer-${origin.replaceAll(/\W+/g, "-")}`;
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading}>
        <bdi>{origin}</bdi> {attached && <span class="badge good">Attached</span>}{" "}
        {server.reachable === false && <span class="badge warn">Not reachable</span>}{" "}
        {!available && <span class="badge warn">Offered no more</span>}
      </h2>
      {attached && <AttachmentFacts server={server} />}
      {available && <AttachForm server={server} heading={heading} />}
      {attached && (
        <form method="post" action="/renderers">
          <button class="link" type="submit" name="detach" value={origin} aria-describedby={heading}>
            Detach, and end its tokens
          </button>
        </form>
      )}
    </section>
  );
}

function AttachmentFacts({ server }: { server: RendererItem }) {
  const { created_at, first_verified, last_verified, scopes } = server;
  return (
    <Facts>
      <Fact label="Attached">{created_at != null && <When at={created_at} time />}</Fact>
      <Fact label="First verified">
        {first_verified == null ? "Not yet" : <When at={first_verified} time />}
      </Fact>
      <Fact label="Last verified">{last_verified != null && <When at={last_verified} time />}</Fact>
      <Fact label="May">
        {scopes.includes("record-run")
          ? "Know who you are, and record your runs there as your works"
          : "Know who you are"}
      </Fact>
    </Facts>
  );
}

function AttachForm({ server, heading }: { server: RendererItem; heading: string }) {
  const { l1_server: origin, attached, scopes } = server;
  const box = `${heading}-record-run`;
  return (
    <form class="stacked" method="post" action="/renderers" aria-labelledby={heading}>
      <input type="hidden" name="l1_server" value={origin} />
      <input type="hidden" name="scopes" value="renderer" />
      <p class="checkbox">
        <input
          id={box}
          type="checkbox"
          name="record-run"
          value="on"
          checked={!attached || scopes.includes("record-run")}
        />
        <label for={box}>It may record your runs there as your works</label>
      </p>
      <p class="actions">
        <button type="submit" aria-describedby={heading}>
          {attached ? "Go there, signed in" : "Attach"}
        </button>
      </p>
    </form>
  );
}
