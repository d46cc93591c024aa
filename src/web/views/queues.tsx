import type { QueuesJson } from "../queues-json.ts";
import { AdminNavigation } from "./admin-navigation.tsx";
import { formatCount, formatNumber } from "./format.ts";
import { When } from "./when.tsx";

const titles: Readonly<Record<string, string>> = {
  inbox: "Activities received",
  publish: "Publications",
  deliver: "Servers to deliver to",
  verify_claim: "Claims to verify",
  learn_claim: "Claims to learn",
  erase_user: "Accounts to erase",
};

/** What the server is busy with, what it has given up, and which servers it leaves alone for a while. */
export function QueuesPage({ queues, hosts }: QueuesJson) {
  const open = queues.some(({ ready, active, deferred }) => ready + active + deferred > 0);
  return (
    <div id="queues" data-refresh={open ? "5" : undefined}>
      <h1>Queues</h1>
      <AdminNavigation path="/admin/queues" />
      <div class="scroll" tabindex={0} role="region" aria-label="Queues">
        <table>
          <thead>
            <tr>
              <th scope="col">Work</th>
              <th scope="col">Ready</th>
              <th scope="col">Running</th>
              <th scope="col">Later</th>
              <th scope="col">Given up</th>
            </tr>
          </thead>
          <tbody>
            {queues.map(({ name, ready, active, deferred, dead }) => (
              <tr key={name}>
                <th scope="row">{titles[name] ?? name}</th>
                <td>{formatNumber(ready)}</td>
                <td>{formatNumber(active)}</td>
                <td>{formatNumber(deferred)}</td>
                <td>{formatNumber(dead)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {queues
        .filter(({ dead }) => dead > 0)
        .map((queue) => (
          <DeadLetters key={queue.name} queue={queue} />
        ))}
      <FailingHosts hosts={hosts} />
    </div>
  );
}

function DeadLetters({ queue }: { queue: QueuesJson["queues"][number] }) {
  const { name, dead, letters } = queue;
  return (
    <section aria-labelledby={`dead-${name}`}>
      <div class="heading">
        <h2 id={`dead-${name}`}>Given up: {titles[name] ?? name}</h2>
        <form method="post" action={`/admin/queues/${name}/send-again`}>
          <button type="submit">Do {formatCount(dead, "job")} again</button>
        </form>
      </div>
      <ul class="ledger">
        {letters.map(({ id, created_at: created, attempts, error }) => (
          <li key={id}>
            <div>
              <p>
                <bdi>{error ?? "It ended without saying why."}</bdi>
              </p>
              <p class="muted">
                From <When at={created} time />, after {formatCount(attempts, "try", "tries")}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function FailingHosts({ hosts }: Pick<QueuesJson, "hosts">) {
  return (
    <section aria-labelledby="hosts">
      <h2 id="hosts">Servers that fail</h2>
      {hosts.length === 0 ? (
        <p class="empty">All servers answer.</p>
      ) : (
        <ul class="ledger">
          {hosts.map(({ host, failures, held_until: until, last_error: error, waiting }) => (
            <li key={host}>
              <div>
                <h3>
                  <bdi>{host}</bdi>
                </h3>
                <p>
                  {formatCount(failures, "failure")} in a row,{" "}
                  {formatCount(waiting, "delivery", "deliveries")} waiting
                </p>
                <p class="muted">
                  Next try <When at={until} time />
                  {error != null && (
                    <>
                      . Last error: <bdi>{error}</bdi>
                    </>
                  )}
                </p>
              </div>
              <form method="post" action="/admin/hosts/release">
                <input type="hidden" name="host" value={host} />
                <button type="submit" aria-label={`Try ${host} now`}>
                  Try now
                </button>
              </form>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
