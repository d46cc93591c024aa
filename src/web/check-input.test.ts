import { describe, expect, test } from "vitest";
import { z } from "zod";
import { checkInput } from "./check-input.ts";
import { Problem } from "./problem.ts";

const schema = z.object({
  text: z.string().min(1).max(3).optional(),
  number: z.number().positive().max(1000).optional(),
  whole: z.int().min(1).max(1_000_000).optional(),
  yes: z.boolean().optional(),
  list: z.array(z.string()).max(2).optional(),
  choice: z.enum(["a", "b"]).optional(),
  object: z.object({ inner: z.string() }).optional(),
  own: z
    .string()
    .refine((value) => value === "x", "must be x")
    .optional(),
});

function faultsOf(value: unknown): unknown {
  try {
    return checkInput(schema, value);
  } catch (error) {
    return error instanceof Problem ? error.details.errors : error;
  }
}

describe("checkInput", () => {
  test("gives what the schema makes of the value", () => {
    expect(checkInput(schema.extend({ own: z.string().transform(Number) }), { own: "1", other: 1 })).toEqual({
      own: 1,
    });
  });

  test.each<[Record<string, unknown>, string, string]>([
    [{ text: 1 }, "text", "must be text"],
    [{ text: "" }, "text", "must not be blank"],
    [{ text: "four" }, "text", "must have at most 3 characters"],
    [{ number: "1" }, "number", "must be a number"],
    [{ number: 0 }, "number", "must be more than 0"],
    [{ number: 1001 }, "number", "must be at most 1,000"],
    [{ whole: 1.5 }, "whole", "must be a whole number"],
    [{ whole: 0 }, "whole", "must be at least 1"],
    [{ whole: 2 ** 60 }, "whole", "must be at most 1,000,000"],
    [{ yes: "true" }, "yes", "must be true or false"],
    [{ list: "a" }, "list", "must be a list"],
    [{ list: ["a", "b", "c"] }, "list", "must have at most 2 items"],
    [{ list: ["a", 2] }, "list.1", "must be text"],
    [{ choice: "c" }, "choice", "must be one of a, b"],
    [{ object: [] }, "object", "must be a JSON object"],
    [{ object: {} }, "object.inner", "is missing"],
    [{ own: "y" }, "own", "must be x"],
  ])("says of %j that %s %s", (value, field, message) => {
    expect(faultsOf(value)).toEqual([{ field, message }]);
  });

  test("names all fields at fault in one sentence, with status 422", () => {
    expect(() => checkInput(schema, { text: 1, yes: 1 })).toThrow(
      expect.objectContaining({
        message: "The input can't be taken: text must be text; yes must be true or false.",
        details: expect.objectContaining({ status: 422 }),
      }),
    );
  });
});
