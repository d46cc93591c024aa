import { z } from "zod";
import { asObject, type JsonObject } from "../claims/json.ts";
import type { Work } from "../claims/work.ts";
import { findAssetNameProblem, normalizeAssetName } from "../core/asset-name.ts";
import { isSupportedBlurhash } from "../core/blurhash.ts";
import { parseContentHash } from "../core/content-hash.ts";
import { assetTypes, defaultPost, postVisibilities } from "../core/media.ts";
import { findMetadataProblem } from "./metadata.ts";
import { isHttpUrl, text } from "./text-fields.ts";

const name = z.string().superRefine((value, context) => {
  const problem = findAssetNameProblem(value);
  if (problem != null) context.addIssue({ code: "custom", message: problem });
});

const contentHash = z.string().transform((value, context) => {
  const hash = parseContentHash(value);
  if (hash != null) return hash;
  const message = "must be a SHA3-256 hash of 64 hexadecimal digits, or an IPFS CID";
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

const tag = text(100).transform((value, context) => {
  const bare = value.trim().replace(/^#+/, "").trim().normalize("NFC");
  if (bare !== "") return bare;
  context.addIssue({ code: "custom", message: "must not be blank" });
  return z.NEVER;
});

const metadata = z.unknown().transform((value, context) => {
  const object = asObject(value);
  const problem = object == null ? "must be a JSON object" : findMetadataProblem(object);
  if (object != null && problem == null) return object as JsonObject;
  context.addIssue({ code: "custom", message: problem ?? "" });
  return z.NEVER;
});

const url = text(2048)
  .refine(isHttpUrl, "must be an http or https URL")
  // Escaping makes it longer, and it is stored escaped.
  .refine((value) => (URL.parse(value)?.href.length ?? 0) <= 2048, "must have at most 2,048 characters");
const pixels = z.int().min(1).max(1_000_000);

const language = text(35).transform((value, context) => {
  try {
    return Intl.getCanonicalLocales(value)[0] ?? value;
  } catch {
    context.addIssue({ code: "custom", message: "must be a language tag such as en or pt-BR (BCP 47)" });
    return z.NEVER;
  }
});

/** What `POST /assets` takes. `null` says the same as leaving a field out. */
export const assetInput = z.object({
  name,
  content_hash: contentHash,
  asset_type: z.enum(assetTypes),
  tags: z.array(tag).max(50).nullish(),
  metadata: metadata.nullish(),
  description: text(10_000, { lines: true }).nullish(),
  url: url.nullish(),
  media_type: text(127)
    .regex(/^[a-z0-9][\w.+-]*\/[\w.+-]+$/i, "must be a media type such as image/png")
    .nullish(),
  width: pixels.nullish(),
  height: pixels.nullish(),
  duration: z.number().positive().max(1e9).nullish(),
  alt: text(1500, { lines: true }).nullish(),
  blurhash: z
    .string()
    .refine(isSupportedBlurhash, "must be a BlurHash of at most 5 x 5 components")
    .nullish(),
  preview_url: url.nullish(),
  license: text(255).nullish(),
  language: language.nullish(),
  sensitive: z.boolean().nullish(),
  content_warning: text(500).nullish(),
  post: z.enum(postVisibilities).nullish(),
});

/** The checked input as what the claim states: blank texts are left out, a content warning makes a work sensitive. */
export function toWork(input: z.output<typeof assetInput>): Work {
  const contentWarning = filled(input.content_warning);
  return {
    name: normalizeAssetName(input.name),
    contentHash: input.content_hash,
    assetType: input.asset_type,
    tags: [...new Set(input.tags)],
    sensitive: input.sensitive ?? contentWarning != null,
    post: input.post ?? defaultPost(input.asset_type),
    ...present({
      metadata: input.metadata ?? undefined,
      description: filled(input.description),
      url: input.url == null ? undefined : new URL(input.url).href,
      mediaType: filled(input.media_type)?.toLowerCase(),
      width: input.width ?? undefined,
      height: input.height ?? undefined,
      duration: input.duration ?? undefined,
      alt: filled(input.alt),
      blurhash: filled(input.blurhash),
      previewUrl: input.preview_url == null ? undefined : new URL(input.preview_url).href,
      license: filled(input.license),
      language: input.language ?? undefined,
      contentWarning,
    }),
  };
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}

function filled(value: string | null | undefined): string | undefined {
  return value == null || value.trim() === "" ? undefined : value;
}
