import type { ProofState } from "../read-proof.ts";

/** What checking the proof of a document has shown. */
export function ProofStateText({ state, signer }: { state: ProofState; signer: string }) {
  if (state === "valid") {
    return (
      <>
        <span class="badge good">Valid</span> signed by @{signer}, checked just now
      </>
    );
  }
  if (state === "invalid") {
    return (
      <>
        <span class="badge warn">Not valid</span> it is not what @{signer} signed
      </>
    );
  }
  return <>Not checked: the key of @{signer} can’t be read here</>;
}
