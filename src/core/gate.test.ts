import { describe, expect, test } from "vitest";
import { createGate, GateFull } from "./gate.ts";

describe("a gate", () => {
  test("lets no more through at once than it has places, and all in order", async () => {
    const gate = createGate(2);
    let inside = 0;
    let most = 0;
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 10 }, (_, number) =>
        gate.run(10, async () => {
          order.push(number);
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setTimeout(resolve, 1));
          inside--;
        }),
      ),
    );
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("refuses who would be one too many in the line, and takes others once there is room", async () => {
    const gate = createGate(1);
    const release = Promise.withResolvers<void>();
    const first = gate.run(1, () => release.promise);
    const second = gate.run(1, async () => "second");
    await expect(gate.run(1, async () => "third")).rejects.toThrow(GateFull);
    release.resolve();
    await first;
    expect(await second).toBe("second");
    expect(await gate.run(1, async () => "fourth")).toBe("fourth");
  });

  test("passes on what the work throws, and the place with it", async () => {
    const gate = createGate(1);
    await expect(gate.run(1, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await gate.run(1, async () => "next")).toBe("next");
  });
});
