import type { AssetJson } from "./asset-json.ts";

type Values = Readonly<Record<string, string>>;

const measures = new Set(["width", "height", "duration"]);
const changeable =
  "description tags url media_type width height duration alt blurhash preview_url license language content_warning".split(
    " ",
  );

/** The form's values as `POST /assets` takes them: a blank field was left out. */
export function toAssetInput(values: Values): Record<string, unknown> {
  const filled = Object.keys(values).filter((name) => isFilled(values[name]));
  return {
    ...Object.fromEntries(filled.map((name) => [name, toValue(name, values[name])])),
    ...toSensitive(values),
  };
}

/** The form's values as `PATCH /assets/{name}` takes them: a blank field is cleared, one that is not there stays. */
export function toAssetPatch(values: Values): Record<string, unknown> {
  const sent = changeable.filter((name) => values[name] != null);
  const patch = sent.map((name) => [
    name,
    isFilled(values[name]) ? toValue(name, values[name]) : blank(name),
  ]);
  return { ...Object.fromEntries(patch), sensitive: false, ...toSensitive(values) };
}

/** An asset as the values of the form that changes it. */
export function toAssetFormValues(asset: AssetJson): Record<string, string> {
  const { tags, sensitive, content_warning: warning } = asset;
  const texts = Object.entries(asset).filter(([name, value]) => changeable.includes(name) && value != null);
  return {
    ...Object.fromEntries(texts.map(([name, value]) => [name, String(value)])),
    tags: tags.join(", "),
    ...(sensitive && warning == null ? { sensitive: "on" } : {}),
  };
}

/** A warning says that there is something to warn of. */
function toSensitive(values: Values): { sensitive?: true | null } {
  if (isFilled(values["sensitive"])) return { sensitive: true };
  return isFilled(values["content_warning"]) ? { sensitive: null } : {};
}

/** Tags are separated by commas, measures are numbers. */
function toValue(name: string, value = ""): unknown {
  if (name === "tags") return value.split(",").filter((tag) => tag.trim() !== "");
  return measures.has(name) ? Number(value) : value;
}

function blank(name: string): null | [] {
  return name === "tags" ? [] : null;
}

function isFilled(value: string | undefined): boolean {
  return value != null && value.trim() !== "";
}
