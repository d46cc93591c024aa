import type { FieldError } from "../../core/problem.ts";
import type { AssetJson } from "../asset-json.ts";
import type { ProofState } from "../read-proof.ts";

/** What every page knows of its visitor and its place. */
export interface PageFrame {
  readonly title: string;
  /** The path that is shown, for the navigation's current entry. */
  readonly path: string;
  /** Username of whoever is signed in. */
  readonly username: string | null;
  /** Whether that is an administrator. */
  readonly admin?: boolean;
  /** Whether strangers may register. */
  readonly registrationOpen: boolean;
  /** Address of the ActivityPub or JSON document that says the same. */
  readonly alternate?: { readonly href: string; readonly type: string } | undefined;
  readonly card?: PageCard | undefined;
}

/** What a page tells whoever links to it or searches it. Addresses are URLs. */
export interface PageCard {
  readonly type: "website" | "article" | "profile";
  /** The one address of the page. */
  readonly url: string;
  readonly description: string;
  readonly image: {
    readonly url: string;
    readonly alt: string | null;
    readonly width: number | null;
    readonly height: number | null;
    /** Whether it is what the page is about. */
    readonly large: boolean;
  } | null;
  /** `@alice@host` of whoever made what it shows. */
  readonly creator: string | null;
  /** Whether search engines may list it. */
  readonly listed: boolean;
  /** Other forms of the same. */
  readonly alternates: readonly { readonly href: string; readonly type: string; readonly title?: string }[];
  /** The same in the words of schema.org, as JSON-LD. */
  readonly data: unknown;
}

export interface HomeProps {
  readonly users: number;
  readonly assets: number;
  readonly activities: number;
  /** Newest first, at most eight. */
  readonly latest: readonly AssetJson[];
  /** The project's README as HTML of our own making. */
  readonly readme: string;
}

/** What a list of assets is narrowed to. */
export interface AssetFilterProps {
  readonly owner?: string | undefined;
  readonly type?: string | undefined;
  readonly tag?: string | undefined;
  readonly q?: string | undefined;
}

export interface AssetsProps {
  readonly assets: readonly AssetJson[];
  readonly total: number;
  /** Path and query of the next page. */
  readonly next: string | null;
  readonly filter: AssetFilterProps;
}

export interface AssetProps {
  readonly asset: AssetJson;
  /** `@owner@host` */
  readonly handle: string;
  /** Of the newest statement about it. */
  readonly proof: ProofState;
  /** Whether the visitor is its owner. */
  readonly own?: boolean;
}

export interface ActivityItem {
  readonly index: number;
  readonly type: string;
  readonly username: string;
  readonly created_at: string;
  /** Whether it was erased: nothing is known but that it was there. */
  readonly withdrawn: boolean;
  /** Name of the asset it is about. */
  readonly name: string | null;
}

export interface ActivitiesProps {
  /** Newest first. */
  readonly items: readonly ActivityItem[];
  readonly total: number;
  readonly next: string | null;
  /** Where what comes after the newest of them is told; `null` on the pages of older ones. */
  readonly live: string | null;
}

export interface ActivityProps {
  readonly item: ActivityItem;
  /** The signed document, indented. */
  readonly document: string;
  readonly proof: ProofState;
}

export interface UserItem {
  readonly username: string;
  readonly handle: string;
  readonly assets: number;
  readonly created_at: string;
}

export interface UsersProps {
  readonly items: readonly UserItem[];
  readonly total: number;
  readonly next: string | null;
}

export interface ProfileProps {
  readonly user: UserItem;
  readonly followers: number;
  readonly following: number;
  /** Newest first. */
  readonly assets: readonly AssetJson[];
  /** Path of the list of all of them. */
  readonly more: string | null;
}

export interface HomeFeedPost {
  readonly id: string;
  readonly url: string | null;
  /** Sanitised HTML. */
  readonly content: string;
  readonly published: string;
  readonly actor: string;
  /** Display name, or the handle. */
  readonly author: string;
  readonly claim: {
    readonly url: string;
    readonly content_hash: string | null;
    readonly verified: boolean;
    /** Whether its server has taken it back since. */
    readonly withdrawn: boolean;
  } | null;
  /** What the reader made of it. */
  readonly liked: boolean;
  readonly shared: boolean;
  /** Whether it is for everybody. */
  readonly shareable: boolean;
}

export interface HomeFeedProps {
  readonly username: string;
  readonly posts: readonly HomeFeedPost[];
  readonly next: string | null;
  /** Whom the user follows; `accepted` is false while the request waits. */
  readonly following: readonly {
    readonly handle: string;
    readonly url: string;
    readonly accepted: boolean;
  }[];
  /** What came of the form that was just sent. */
  readonly notice?: string;
  readonly form: FormState;
}

export interface ActorsProps {
  readonly title: string;
  /** Whose followers, or whom they follow. */
  readonly username: string;
  readonly actors: readonly { readonly url: string; readonly handle: string; readonly name: string | null }[];
  readonly next: string | null;
}

/** What was typed into a form, and what is wrong with it. */
export interface FormState {
  readonly values: Readonly<Record<string, string>>;
  readonly errors: readonly FieldError[];
}

export interface ErrorProps {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}
