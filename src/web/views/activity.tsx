import { ActivityLine } from "./activity-line.tsx";
import { Fact, Facts } from "./facts.tsx";
import { ProofStateText } from "./proof-state.tsx";
import type { ActivityProps } from "./props.ts";
import { When } from "./when.tsx";

/** One entry of the log, as it was signed. */
export function ActivityPage({ item, document, proof }: ActivityProps) {
  return (
    <>
      <h1>
        Activity <span class="index">#{item.index}</span>
      </h1>
      <p class="lead">
        <ActivityLine item={item} />
      </p>
      <Facts>
        <Fact label="Type">
          <code>{item.type}</code>
        </Fact>
        <Fact label="Published">
          <When at={item.created_at} time />
        </Fact>
        <Fact label="Proof">
          <ProofStateText state={proof} signer={item.username} />
        </Fact>
      </Facts>
      <section aria-labelledby="document">
        <h2 id="document">Signed document</h2>
        <pre class="document" tabindex={0} aria-label="Signed document" data-copy="document">
          {document}
        </pre>
      </section>
    </>
  );
}
