import { describe, expect, test } from "vitest";
import { KeyFileError } from "../accounts/key-files.ts";
import { DoorError, type DoorReason } from "../net/door-error.ts";
import type { DoorResponse } from "../net/door.ts";
import { judgeError, judgeResponse, maxAttempts, retryDelay } from "./delivery-outcome.ts";

const now = new Date("2026-11-22T12:00:00Z");

function judge(status: number, retryAfter?: string) {
  const headers = new Headers(retryAfter == null ? {} : { "Retry-After": retryAfter });
  return judgeResponse({ status, headers } as DoorResponse, now);
}

describe("an answer", () => {
  test.each([
    [200, "delivered"],
    [202, "delivered"],
    [204, "delivered"],
    [299, "delivered"],
    [404, "gone"],
    [410, "gone"],
    [301, "inbox_failed"],
    [400, "inbox_failed"],
    [401, "inbox_failed"],
    [403, "inbox_failed"],
    [413, "inbox_failed"],
    [429, "host_failed"],
    [500, "host_failed"],
    [503, "host_failed"],
    [599, "host_failed"],
  ])("of %i means %s", (status, type) => {
    expect(judge(status).type).toBe(type);
  });

  test("that is a failure is named by its status", () => {
    expect(judge(418)).toEqual({ type: "inbox_failed", error: "HTTP 418", answered: true });
    expect(judge(410)).toEqual({ type: "gone", error: "HTTP 410" });
    expect(judge(503)).toEqual({ type: "host_failed", error: "HTTP 503", answered: true });
  });

  test.each<[string | undefined, number | undefined]>([
    ["120", 120],
    ["Sun, 22 Nov 2026 12:10:00 GMT", 600],
    ["100000", 86_400],
    ["Sun, 22 Nov 2037 12:10:00 GMT", 86_400],
    [undefined, undefined],
    ["0", undefined],
    ["-5", undefined],
    ["soon", undefined],
    ["", undefined],
    ["Sun, 22 Nov 2026 11:00:00 GMT", undefined],
  ])("with Retry-After %s asks for %s seconds, a day at most", (header, seconds) => {
    for (const status of [429, 503]) {
      const outcome = judge(status, header);
      expect(outcome.type === "host_failed" && outcome.retryAfter).toBe(seconds);
    }
  });
});

describe("an exception", () => {
  test.each<[DoorReason, string]>([
    ["network", "host_failed"],
    ["timeout", "host_failed"],
    ["address", "inbox_failed"],
    ["scheme", "inbox_failed"],
    ["redirect", "inbox_failed"],
    ["too_large", "inbox_failed"],
  ])("of the outbound door, %s, means %s", (reason, type) => {
    const error = new DoorError(reason, "https://remote.example/inbox?secret", "why");
    expect(judgeError(error)).toEqual({ type, error: "https://remote.example/inbox: why", answered: false });
  });

  test("about the sender's key is nobody else's fault", () => {
    expect(judgeError(new KeyFileError("no key"))).toEqual({
      type: "inbox_failed",
      error: "no key",
      answered: false,
    });
  });

  test("that nobody expected is thrown on", () => {
    const error = new TypeError("bug");
    expect(() => judgeError(error)).toThrow(error);
  });
});

describe("the delay before the next try", () => {
  test("is a minute at first, doubles, and ends at 16 hours, a tenth more or less", () => {
    const minutes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 960, 960, 960, 960, 960];
    for (const [index, expected] of minutes.entries()) {
      for (let round = 0; round < 20; round++) {
        const delay = retryDelay(index + 1) / 60;
        expect(delay).toBeGreaterThanOrEqual(expected * 0.9);
        expect(delay).toBeLessThanOrEqual(expected * 1.1);
      }
    }
  });

  test("differs from time to time, so that not all come back at once", () => {
    expect(new Set(Array.from({ length: 20 }, () => retryDelay(5))).size).toBeGreaterThan(1);
  });

  test("sums up to about four days over all tries", () => {
    const days = Array.from({ length: maxAttempts - 1 }, (_, index) => retryDelay(index + 1) / 86_400);
    const sum = days.reduce((total, delay) => total + delay, 0);
    expect(maxAttempts).toBe(16);
    expect(sum).toBeGreaterThan(3.5);
    expect(sum).toBeLessThan(4.5);
  });
});
