import { createHash } from "node:crypto";
import { encodePng, type Picture } from "./png.ts";
import { encodeTone } from "./wav.ts";

export type RunName = "image" | "collage" | "tone" | "running" | "failed" | "others";

/** What a renderer keeps of a run. */
export interface Run {
  readonly id: string;
  readonly status: "running" | "completed" | "failed";
  /** The hash of the recipe's JSON. */
  readonly recipe: string;
  readonly inputs: readonly string[] | Readonly<Record<string, string>>;
  /** `undefined` where there is none yet, or never will be. */
  readonly outputHash: string | undefined;
  readonly outputName: string;
  readonly created: string;
  readonly completed: string | undefined;
  readonly error?: string;
  /** Whose it is; `undefined`: of everybody who signs in. */
  readonly username?: string;
}

export interface File {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

/** What a renderer has: files by their SHA3-256 hashes, and what was made of what. */
export interface Samples {
  readonly files: ReadonlyMap<string, File>;
  readonly runs: Readonly<Record<RunName, Run>>;
}

const sunrise: Picture = (x, y) => [255 - 90 * y, 110 + 100 * y * x, 70 + 150 * y];

const waves: Picture = (x, y) => {
  const [red, green, blue] = sunrise(x + Math.sin(y * 20) * 0.06, y + Math.sin(x * 14) * 0.12);
  const light = 0.75 + 0.25 * Math.sin(y * 40 + Math.sin(x * 12) * 3);
  return [255 - red * light, 240 - green * light, 255 - blue * 0.4 * light].map(clamp) as [
    number,
    number,
    number,
  ];
};

/** The two in turns, as tiles. */
const tiles: Picture = (x, y) => {
  const odd = (Math.floor(x * 4) + Math.floor(y * 3)) % 2 === 1;
  return (odd ? waves : sunrise)((x * 4) % 1, (y * 3) % 1).map(clamp) as [number, number, number];
};

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}

/** Draws, plays and hashes everything anew. The media are the same each time, the hashes true. */
export function makeSamples(): Samples {
  const files = new Map<string, File>();
  const keep = (bytes: Buffer, mediaType: string): string => {
    const hash = createHash("sha3-256").update(bytes).digest("hex");
    files.set(hash, { bytes, mediaType });
    return hash;
  };
  const keepPicture = (picture: Picture) => keep(encodePng(picture, 480, 320), "image/png");
  const keepRecipe = (name: string, steps: readonly string[]) =>
    keep(Buffer.from(JSON.stringify({ name, version: 1, steps })), "application/json");

  const source = keepPicture(sunrise);
  const image = keepPicture(waves);
  const ripple = keepRecipe("ripple", ["displace", "invert", "scanlines"]);
  const collage = keepRecipe("collage", ["tile"]);
  const synthesize = keepRecipe("synthesize", ["sine", "fade-out"]);
  const completed = { status: "completed", completed: "2026-01-10T10:00:09Z" } as const;
  const ended = { outputHash: undefined, completed: undefined } as const;
  const runs: Record<RunName, Omit<Run, "id" | "created">> = {
    image: { ...completed, recipe: ripple, inputs: { source }, outputHash: image, outputName: "waves" },
    collage: {
      ...completed,
      recipe: collage,
      inputs: [source, image],
      outputHash: keepPicture(tiles),
      outputName: "tiles",
    },
    tone: {
      ...completed,
      recipe: synthesize,
      inputs: {},
      outputHash: keep(encodeTone(440, 1), "audio/wav"),
      outputName: "tone",
    },
    running: { ...ended, status: "running", recipe: ripple, inputs: { source: image }, outputName: "slow" },
    failed: {
      ...ended,
      status: "failed",
      recipe: collage,
      inputs: [],
      outputName: "broken",
      error: "The recipe wants one picture at least.",
    },
    others: {
      ...completed,
      recipe: synthesize,
      inputs: [image],
      outputHash: keep(encodeTone(660, 1), "audio/wav"),
      outputName: "somebody else's tone",
      username: "somebody_else",
    },
  };
  return {
    files,
    runs: Object.fromEntries(
      Object.entries(runs).map(([name, run]) => [
        name,
        { ...run, id: deriveId(run), created: "2026-01-10T10:00:00Z" },
      ]),
    ) as Record<RunName, Run>,
  };
}

/** The same recipe on the same inputs is the same run. */
function deriveId({ recipe, inputs }: Pick<Run, "recipe" | "inputs">): string {
  return createHash("sha3-256")
    .update(JSON.stringify([recipe, inputs]))
    .digest("hex")
    .slice(0, 32);
}
