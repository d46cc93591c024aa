import { z } from "zod";
import type { Profile } from "../db/profiles.ts";
import { isHttpUrl, text } from "./text-fields.ts";

const maxUrl = 2048;

/** An http(s) URL as it is stored: in its normal form, which may be longer than what was typed. */
const url = text(maxUrl)
  .trim()
  .refine((value) => isHttpUrl(value), "must be an http or https URL")
  .transform((value) => new URL(value).href)
  .refine((value) => value.length <= maxUrl, "must have at most 2,048 characters");

/** One line of text that is not blank. */
const line = (max: number) =>
  text(max)
    .trim()
    .refine((value) => value !== "", "must not be blank");

/** Forms send other line breaks than programs do, and mean the same. */
const lines = text(2000, { lines: true }).transform((value) => value.replaceAll(/\r\n?/g, "\n").trim());

/** Turns a blank value into `null`, which says that there is none. */
const blankable = <T extends z.ZodType<string | null>>(schema: T) =>
  z.preprocess((value) => (typeof value === "string" && value.trim() === "" ? null : value), schema);

/** What `PATCH /users/{username}` takes: what is left out stays, `null` and blank texts clear. */
export const profileInput = z.object({
  name: blankable(text(100).trim().nullable()).optional(),
  summary: blankable(lines.nullable()).optional(),
  fields: z
    .array(z.object({ name: line(255), value: line(2000) }))
    .max(8)
    .nullable()
    .optional(),
  icon_url: blankable(url.nullable()).optional(),
  image_url: blankable(url.nullable()).optional(),
  also_known_as: z.array(url).max(10).nullable().optional(),
  moved_to: blankable(url.nullable()).optional(),
});

/** The profile with the changes that were asked for. */
export function changeProfile(profile: Profile, input: z.output<typeof profileInput>): Profile {
  const { fields, also_known_as: others, ...rest } = input;
  return {
    name: pick(rest.name, profile.name),
    summary: pick(rest.summary, profile.summary),
    fields: fields === undefined ? profile.fields : (fields ?? []),
    icon_url: pick(rest.icon_url, profile.icon_url),
    image_url: pick(rest.image_url, profile.image_url),
    also_known_as: others === undefined ? profile.also_known_as : [...new Set(others)],
    moved_to: pick(rest.moved_to, profile.moved_to),
  };
}

function pick(asked: string | null | undefined, present: string | null): string | null {
  return asked === undefined ? present : asked;
}
