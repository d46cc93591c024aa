import { local } from "../../core/paths.ts";
import type { ProvenanceJson, SourceJson } from "../provenance-json.ts";
import { Fact, Facts } from "./facts.tsx";
import { formatCount } from "./format.ts";
import { httpUrl } from "./http-url.ts";
import { When } from "./when.tsx";

/** How many inputs are shown; the rest is in the JSON. */
const shown = 20;

/** How a work came to be. */
export function ProvenanceFacts({ name, provenance }: { name: string; provenance: ProvenanceJson | null }) {
  if (provenance == null) return null;
  const { run, renderer, recipe, inputs, started_at, completed_at, evidence } = provenance;
  return (
    <section aria-labelledby="provenance">
      <h2 id="provenance">How it was made</h2>
      <Facts>
        <Fact label="Renderer">
          <Remote url={renderer} text={renderer} />
        </Fact>
        <Fact label="Run">
          <Remote url={run} text={run.slice(run.lastIndexOf("/") + 1)} />,{" "}
          <a href={local.assetRun(name)}>as it was recorded</a>
        </Fact>
        <Fact label="Recipe">{recipe != null && <Source source={recipe} />}</Fact>
        <Fact label="Made from">
          {inputs.length > 0 && (
            <ul>
              {inputs.slice(0, shown).map((input, at) => (
                <li key={at}>
                  <Source source={input} />
                </li>
              ))}
              {inputs.length > shown && (
                <li>
                  <a href={local.asset(name)}>{formatCount(inputs.length - shown, "more input")}</a>
                </li>
              )}
            </ul>
          )}
        </Fact>
        <Fact label="Begun">{started_at != null && <When at={started_at} time />}</Fact>
        <Fact label="Finished">{completed_at != null && <When at={completed_at} time />}</Fact>
        <Fact label="Evidence">
          {evidence === "bytes-checked"
            ? "This server has read the file and found its hash true."
            : "The renderer states the hash; this server has not read the file."}
        </Fact>
        <Fact label="SHA-256 of the run">
          <code class="hash" data-copy="hash">
            {provenance.run_digest}
          </code>
        </Fact>
      </Facts>
    </section>
  );
}

/** What it was made of leads to who claims it: here, or else on another server. */
function Source({ source }: { source: SourceJson }) {
  const href = httpUrl(source.asset) ?? httpUrl(source.claims?.[0]);
  const text = source.content_hash == null ? null : <code class="hash">{source.content_hash}</code>;
  return (
    <>
      {source.name != null && <bdi>{source.name}</bdi>}
      {source.name != null && text != null && ": "}
      {href != null && text != null ? <a href={href}>{text}</a> : text}
    </>
  );
}

function Remote({ url, text }: { url: string; text: string }) {
  const href = httpUrl(url);
  if (href == null) return <bdi>{text}</bdi>;
  return (
    <a href={href} rel="nofollow noreferrer ugc">
      {text}
    </a>
  );
}
