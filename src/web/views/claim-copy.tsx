import { Fact, Facts } from "./facts.tsx";
import { httpUrl } from "./http-url.ts";
import { When } from "./when.tsx";

export interface ClaimCopyProps {
  readonly claim: string;
  readonly content_hash: string;
  readonly creator: { readonly handle: string; readonly url: string };
  readonly kept_at: string;
  readonly withdrawn: boolean;
  readonly public_key: string | null;
  /** Whether the proof was found valid just now; `null` where there is no key to check it with. */
  readonly proof_valid: boolean | null;
  /** The exact bytes. */
  readonly document: string;
}

/** A claim of another server as it is kept here, checked again. */
export function ClaimCopyPage({ copy }: { copy: ClaimCopyProps }) {
  const href = httpUrl(copy.claim);
  return (
    <>
      <h1>Copy of a claim</h1>
      {copy.withdrawn && (
        <p class="notice warn">Its server says that this claim was withdrawn. The copy is a record only.</p>
      )}
      <Facts>
        <Fact label="Claim">
          {href == null ? (
            copy.claim
          ) : (
            <a href={href} rel="nofollow ugc">
              {copy.claim}
            </a>
          )}
        </Fact>
        <Fact label="By">
          <a href={copy.creator.url} rel="nofollow ugc">
            {copy.creator.handle}
          </a>
        </Fact>
        <Fact label="Content hash">
          <code class="hash">{copy.content_hash}</code>
        </Fact>
        <Fact label="Verified and kept">
          <When at={copy.kept_at} time />
        </Fact>
        <Fact label="Proof">{describeProof(copy.proof_valid)}</Fact>
        <Fact label="Key">{copy.public_key != null && <code class="hash">{copy.public_key}</code>}</Fact>
      </Facts>
      <h2>The document</h2>
      <pre class="document" tabindex={0}>
        {JSON.stringify(JSON.parse(copy.document), null, 2)}
      </pre>
    </>
  );
}

function describeProof(valid: boolean | null): string {
  if (valid == null) return "Was valid when it was kept; the key was not kept with it";
  return valid
    ? "Valid, checked just now with the key that its author listed when it was kept"
    : "Not valid: the copy was changed";
}
