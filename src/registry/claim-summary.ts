import { asObject, type Json, type JsonObject } from "../claims/json.ts";
import { type AssetType, assetTypes } from "../core/media.ts";

/** What lists tell of a claim, as its author states it. */
export interface ClaimSummary {
  readonly name: string | null;
  readonly assetType: AssetType | null;
  /** The page about the work. */
  readonly page: string | null;
  /** The id of the claim's object. */
  readonly object: string | null;
}

const maxName = 255;

/** Of an address as JSON, in bytes: half an address is none, so a longer one is left out. */
const maxAddress = 1024;

/** The summary of a claim's object as the text that is stored, of less than 4 KiB. */
export function toSummaryText(object: JsonObject): string {
  const type = object["assetType"];
  return JSON.stringify({
    name: readText(object["name"])?.slice(0, maxName).toWellFormed() ?? null,
    asset_type: assetTypes.find((known) => known === type) ?? null,
    page: readAddress(findPage(object["url"])),
    id: readAddress(object["id"]),
  });
}

/** The summary that a stored text tells; of a claim that has none nothing is known. */
export function readSummary(text: string | null): ClaimSummary {
  const { name, asset_type: type, page, id } = JSON.parse(text ?? "{}") as JsonObject;
  return {
    name: readText(name),
    assetType: assetTypes.find((known) => known === type) ?? null,
    page: readText(page),
    object: readText(id),
  };
}

function readText(value: Json | undefined): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

function readAddress(value: Json | undefined): string | null {
  const text = readText(value);
  return new TextEncoder().encode(JSON.stringify(text)).length <= maxAddress ? text : null;
}

function findPage(value: Json | undefined): Json | undefined {
  if (typeof value === "string") return value;
  const links = Array.isArray(value) ? (value as readonly Json[]).map(asObject) : [asObject(value)];
  return links.find((link) => link?.["mediaType"] === "text/html")?.["href"];
}
