import { local } from "../../core/paths.ts";

/** Asks whether a work is really to be withdrawn. */
export function WithdrawAssetPage({ name, shown }: { name: string; shown: boolean }) {
  return (
    <section class="narrow">
      <h1>
        Withdraw <bdi>{name}</bdi>?
      </h1>
      <div class="notice danger">
        <p>This cannot be undone.</p>
        <ul class="bullets">
          <li>
            The claim and what you said of the work are erased here; its place in the log stays, and says
            nothing.
          </li>
          {shown && <li>Your followers’ servers are asked to delete the post.</li>}
          <li>The name is never given again, to nobody.</li>
        </ul>
      </div>
      <form method="post" action={local.withdrawAsset(name)}>
        <p class="actions">
          <button class="danger" type="submit">
            Withdraw the work
          </button>
          <a href={local.assetPage(name)}>Keep it</a>
        </p>
      </form>
    </section>
  );
}
