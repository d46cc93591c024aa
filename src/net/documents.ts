import type { DocumentLoader } from "@fedify/vocab-runtime";
import { getLogger } from "@logtape/logtape";
import { findContext, loadContext } from "./contexts.ts";
import { DocumentError, type DocumentReason } from "./document-error.ts";
import { findDocumentId, maxUrlLength } from "./document-id.ts";
import { parseDocument, type FetchedDocument } from "./document-parse.ts";
import { DoorError, showUrl } from "./door-error.ts";
import type { Door } from "./door.ts";
import { createFlights } from "./flights.ts";
import { createHostRate } from "./host-rate.ts";
import { activityAccept } from "./media-type.ts";
import { defaultShape, type ShapeLimits } from "./shape.ts";

export { DocumentError, type DocumentReason, type FetchedDocument };

export interface DocumentsOptions {
  /** How long a failure is remembered, in milliseconds; default ten minutes. */
  failureTime?: number;
  /** How many failures are remembered; default 10,000. */
  failures?: number;
  /** How many requests a host name may get in any minute, redirects included; default 30. */
  perMinute?: number;
  shape?: Partial<ShapeLimits>;
  /** The time in milliseconds. */
  now?: () => number;
}

/** Signs a request for a document. Sign as the instance: signed fetches of one URL share their answer. */
export type Sign = (request: Request) => Promise<Request>;

export interface FetchInit {
  sign?: Sign | undefined;
  /** Ends the waiting, not the request, which others may wait for. */
  signal?: AbortSignal | undefined;
}

/** Remote documents, fetched under common limits. */
export interface Documents {
  /**
   * Fetches an ActivityPub document; the fragment of the URL is ignored.
   *
   * The document is the one that its `id` names: it came from there, or, when it named another URL of the same
   * origin, it was fetched again from that.
   *
   * @throws {DocumentError} When it is not to be had, or was not to be had a short while ago.
   */
  fetchDocument(url: URL | string, init?: FetchInit): Promise<FetchedDocument>;
  /** {@link fetchDocument} as Fedify wants it; contexts that are built in are answered without a request. */
  loader(sign?: Sign): DocumentLoader;
}

const logger = getLogger(["artdag", "net"]);

const tenMinutes = 600_000;

/** How many hosts are counted at a time. */
const ratedHosts = 10_000;

/** Creates what fetches documents through a door; have one, so that limits and memory are common. */
export function createDocuments(door: Door, options: DocumentsOptions = {}): Documents {
  const { now = Date.now, failureTime = tenMinutes } = options;
  const shape = { ...defaultShape, ...options.shape };
  const takeTurn = createHostRate({ perMinute: options.perMinute ?? 30, hosts: ratedHosts, now });
  const failures = options.failures ?? 10_000;
  const fly = createFlights<FetchedDocument>({ remembers: isLasting, failureTime, failures, now });

  function onHop(url: URL): void {
    if (takeTurn(url.hostname)) return;
    throw new DocumentError("rate", url, `${url.hostname} was asked too often in the last minute`);
  }

  async function fetchOnce(url: URL, sign: Sign | undefined): Promise<FetchedDocument> {
    const init = { headers: { accept: activityAccept }, onHop };
    return parseDocument(await door.fetch(url, sign == null ? init : { ...init, sign }), shape);
  }

  async function fetchGenuine(url: URL, sign: Sign | undefined): Promise<FetchedDocument> {
    const found = await fetchOnce(url, sign);
    const id = getDocumentId(found);
    if (id.href === found.url) return found;
    const again = await fetchOnce(id, sign);
    if (again.url === id.href && getDocumentId(again).href === id.href) return again;
    throw new DocumentError("id", url, "the document at its id has another id");
  }

  async function attempt(url: URL, sign: Sign | undefined): Promise<FetchedDocument> {
    try {
      return await fetchGenuine(url, sign);
    } catch (cause) {
      const error = cause instanceof DoorError ? fromDoorError(cause) : cause;
      const reason = error instanceof DocumentError ? error.reason : "unexpected";
      logger.debug("No document from {url}: {reason}", { url: showUrl(url), reason });
      throw error;
    }
  }

  async function fetchDocument(input: URL | string, init: FetchInit = {}): Promise<FetchedDocument> {
    const url = URL.parse(String(input));
    if (url == null || url.href.length > maxUrlLength) {
      throw new DocumentError("url", input, "this is not a URL that can be asked");
    }
    url.hash = "";
    const key = `${init.sign == null ? "plain" : "signed"} ${url.href}`;
    const flight = fly(key, () => attempt(url, init.sign));
    return await unlessAborted(flight, url, init.signal);
  }

  function loader(sign?: Sign): DocumentLoader {
    return async (url, { signal } = {}) => {
      if (findContext(url) != null) return loadContext(url);
      const { url: documentUrl, json } = await fetchDocument(url, { sign, signal });
      // Whoever shares this document's flight gets a copy of his own: JSON-LD processors may change it.
      return { contextUrl: null, document: structuredClone(json), documentUrl };
    };
  }

  return { fetchDocument, loader };
}

/** A document loader with limits and a memory of its own. Share {@link createDocuments} where there are several. */
export function createDocumentLoader(
  door: Door,
  options: DocumentsOptions & { sign?: Sign } = {},
): DocumentLoader {
  return createDocuments(door, options).loader(options.sign);
}

/** The document's id without its fragment: a key is part of its actor's document. */
function getDocumentId({ url, json }: FetchedDocument): URL {
  const id = findDocumentId(json);
  if (id == null) throw new DocumentError("id", url, "it has no plain id");
  if (id.origin !== new URL(url).origin) throw new DocumentError("id", url, "its id is on another origin");
  id.hash = "";
  return id;
}

/** Being asked too often says nothing about the document, and what is no DocumentError is our own fault. */
function isLasting(error: unknown): boolean {
  return error instanceof DocumentError && error.reason !== "rate";
}

function fromDoorError(cause: DoorError): DocumentError {
  return new DocumentError(cause.reason, cause.url, cause.detail, { cause });
}

async function unlessAborted<T>(work: Promise<T>, url: URL, signal: AbortSignal | undefined): Promise<T> {
  if (signal == null) return await work;
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(new DocumentError("aborted", url, "nobody waits for it any more"));
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
