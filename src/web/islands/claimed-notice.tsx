/** @jsxImportSource jsx-dom */

interface Claim {
  readonly owner: string;
  readonly name: string;
  readonly page: string;
}

/** A place that says who claims a hash already. `check` looks it up; the newest question wins. */
export function createClaimedNotice(): { element: HTMLElement; check: (hash: string) => Promise<void> } {
  const element = (<div aria-live="polite" />) as HTMLElement;
  let newest = "";
  return {
    element,
    async check(hash) {
      newest = hash;
      const claims = await findClaims(hash).catch(() => []);
      if (newest !== hash) return;
      element.replaceChildren(...(claims.length === 0 ? [] : [<Notice claims={claims} />]));
    },
  };
}

/** The claims to a hash that stand, the first one first. */
async function findClaims(hash: string): Promise<Claim[]> {
  if (!/^(?:sha3-256:)?[0-9a-f]{64}$/i.test(hash)) return [];
  const body = JSON.stringify({ hashes: [hash] });
  const headers = { "Content-Type": "application/json" };
  const asked = await fetch("/objects/status", { method: "POST", headers, body });
  const { objects } = (await asked.json()) as { objects: Record<string, { status: string }> };
  if (objects[hash]?.status !== "claimed") return [];
  const answer = await fetch(`/objects/${encodeURIComponent(hash)}?format=json`);
  return answer.ok ? ((await answer.json()) as { claims: Claim[] }).claims : [];
}

function Notice({ claims }: { claims: Claim[] }) {
  return (
    <div class="notice warn">
      <h2>This file is claimed already</h2>
      <p>
        {claims.map(({ owner, name, page }, at) => (
          <>
            {at > 0 && ", "}
            <a href={page}>{name}</a> by @{owner}
          </>
        ))}
        . You may still register it: yours will be a later claim, marked as contested.
      </p>
    </div>
  );
}
