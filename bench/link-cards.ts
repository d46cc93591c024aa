/**
 * A link that spreads: a hundred servers fetch the page of a work at once. How long that takes with and without answers
 * being shared, and what it costs the database; the page has just been changed each time. Ratios count, times move with
 * the machine. Run it with `npm run bench:link-cards`.
 */
import { Agent, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { median, print, registerUser, runBench, time, withClient } from "./server.ts";

const servers = 100;
const bursts = 20;
const agent = new Agent({ keepAlive: true, maxSockets: servers });

await runBench(async ({ createDatabase, start }) => {
  const databaseUrl = await createDatabase("bench_cards");
  const cold = await start(databaseUrl, { ARTDAG_CACHE_SECONDS: "0" });
  const token = await registerUser(cold.address, "bert");
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
  const description = "Words about a work. ".repeat(100);
  const work = { name: "A work", content_hash: "a".repeat(64), asset_type: "image", description };
  await fetch(`${cold.address}/assets`, { method: "POST", headers, body: JSON.stringify(work) });
  const shared = await start(databaseUrl, {});

  const measure = async (address: string) => {
    const times: number[] = [];
    const before = await countTransactions(databaseUrl);
    for (let burst = 0; burst < bursts; burst++) {
      await fetch(`${address}/users/bert`, { method: "PATCH", headers, body: "{}" });
      times.push(await time(() => Promise.all(Array.from({ length: servers }, () => fetchPage(address)))));
    }
    return { time: median(times), transactions: ((await countTransactions(databaseUrl)) - before) / bursts };
  };
  for (const { address } of [cold, shared]) await measure(address);
  const [without, with_] = [await measure(cold.address), await measure(shared.address)];
  print(`${servers} GETs of a page at once, in the middle of ${bursts} bursts, each after a change`);
  print(`each made anew: ${without.time.toFixed(1)} ms, ${without.transactions.toFixed(0)} transactions`);
  print(`made once:      ${with_.time.toFixed(1)} ms, ${with_.transactions.toFixed(0)} transactions`);
  print(`ratio: ${(without.time / with_.time).toFixed(1)} times faster`);
});
agent.destroy();

function fetchPage(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(
      `${address}/asset/A%20work`,
      { agent, headers: { Accept: "text/html" } },
      (response) => {
        if (response.statusCode !== 200) reject(new Error(`the page answered ${response.statusCode}`));
        response.resume().on("end", resolve);
      },
    );
    request.on("error", reject);
  });
}

/** Of all connections; those that are busy tell it a second late. */
async function countTransactions(databaseUrl: string): Promise<number> {
  await sleep(1500);
  const { rows } = await withClient(databaseUrl, (client) =>
    client.query<{ count: string }>(
      "select xact_commit as count from pg_stat_database where datname = current_database()",
    ),
  );
  return Number(rows[0]?.count);
}
