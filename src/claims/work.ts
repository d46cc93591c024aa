import type { ContentHash } from "../core/content-hash.ts";
import type { AssetType, PostVisibility } from "../core/media.ts";
import type { JsonObject } from "./json.ts";

/** What an artist states about a work. Optional parts are absent, never empty. */
export interface Work {
  readonly name: string;
  readonly contentHash: ContentHash;
  readonly assetType: AssetType;
  readonly tags: readonly string[];
  readonly metadata?: JsonObject;
  /** Plain text; line breaks count. */
  readonly description?: string;
  /** Where the file itself can be had. */
  readonly url?: string;
  readonly mediaType?: string;
  /** Pixels. */
  readonly width?: number;
  readonly height?: number;
  /** Seconds. */
  readonly duration?: number;
  /** What the work shows, for those who cannot see it. */
  readonly alt?: string;
  readonly blurhash?: string;
  readonly previewUrl?: string;
  /** What is known of the preview itself, where this server keeps it. */
  readonly preview?: { readonly mediaType: string; readonly width: number; readonly height: number };
  readonly license?: string;
  /** BCP 47. */
  readonly language?: string;
  readonly sensitive: boolean;
  readonly contentWarning?: string;
  readonly post: PostVisibility;
  /** How it came to be, as `toProvenanceJson` writes it. */
  readonly provenance?: JsonObject;
}

/** The act of registering a work, as both documents tell it. */
export interface Registration {
  readonly work: Work;
  readonly username: string;
  readonly index: number;
  /** The index in the object's address where the hash had been claimed before; absent for its first claim. */
  readonly laterIndex?: number;
  readonly published: Date;
}

/** The act of changing a registered work: `registration` has the work as it is from now on. */
export interface Change {
  readonly registration: Registration;
  /** The index of the change in the log. */
  readonly index: number;
  readonly updated: Date;
}

/** The act of withdrawing a registered work. */
export interface Withdrawal {
  readonly username: string;
  /** The index of the claim that is withdrawn. */
  readonly claimIndex: number;
  /** The index of the withdrawal in the log. */
  readonly index: number;
  readonly deleted: Date;
  readonly post: PostVisibility;
}

/** The act of sharing a post, or of taking that back. */
export interface Sharing {
  readonly username: string;
  /** The index of the act in the log. */
  readonly index: number;
  /** The Note. */
  readonly object: string;
  /** The remote author of the Note. */
  readonly author?: string;
  readonly published: Date;
}
