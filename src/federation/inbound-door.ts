import { timingSafeEqual } from "node:crypto";
import { asObject, type JsonObject } from "../claims/json.ts";
import { describeProblem, type ProblemDetails } from "../core/problem.ts";
import { readBody } from "../core/read-body.ts";
import { findDocumentId } from "../net/document-id.ts";
import { findShapeProblem } from "../net/shape.ts";
import { coversRequest, parseSignatureHeaders, type SignatureHeaders } from "./signature-headers.ts";

/** Largest body of an activity, in bytes. */
const maxBody = 256 * 1024;
/** How far a signature's time may be off, in milliseconds. */
const maxSkew = 60 * 60 * 1000;

const activityTypes = /^application\/(?:activity\+json|ld\+json)\s*(?:;|$)/i;

export type DoorResult =
  | {
      readonly type: "admitted";
      /** The same request with its body read, at the address that the configuration gives it. */
      readonly request: Request;
      readonly document: JsonObject;
      /** Who says that he acts, and the id of the act; both are of the key's origin. */
      readonly actor: string;
      readonly id: string;
      readonly keyId: URL;
      /** Of the body, in bytes. */
      readonly size: number;
    }
  | { readonly type: "refused"; readonly problem: ProblemDetails };

export interface DoorOptions {
  /** How long sending a body may take, in milliseconds. */
  readonly uploadTime: number;
  readonly now?: Date;
}

/**
 * What an activity must be like before anything costly looks at it. Everything here is cheap and asks nobody: the
 * signature itself is verified behind this door, by Fedify.
 */
export async function admit(
  request: Request,
  origin: string,
  { uploadTime, now = new Date() }: DoorOptions,
): Promise<DoorResult> {
  if (!activityTypes.test(request.headers.get("content-type") ?? "")) {
    return refuse(415, "An activity is sent as application/activity+json.");
  }
  const read = await readBody(request.body, { bytes: maxBody, time: uploadTime });
  if (read.type === "too_large") return refuse(413, "An activity has at most 256 KiB.");
  if (read.type === "too_slow")
    return refuse(408, `The activity did not arrive within ${uploadTime / 1000} s.`);
  const body = read.bytes;
  const activity = parseActivity(body);
  if (typeof activity === "string") return refuse(400, activity);
  const signature = parseSignatureHeaders(request.headers);
  if (signature == null) return refuse(401, "The request must carry one well-formed HTTP signature.");
  const problem = findSignatureProblem(signature, now);
  if (problem != null) return refuse(401, problem);
  if (!(await matchesDigest(body, signature.digest))) {
    return refuse(401, "The signed digest is missing, or not that of the body.");
  }
  const { actor, id, document } = activity;
  const { keyId } = signature;
  if (new URL(id).origin !== new URL(actor).origin || keyId.origin !== new URL(actor).origin) {
    return refuse(403, "Activity, actor and key must have one origin.");
  }
  const { pathname, search } = new URL(request.url);
  const { method } = request;
  const headers = new Headers(request.headers);
  // What was signed for another host is verified against this one, and fails.
  headers.set("Host", new URL(origin).host);
  const admitted = new Request(origin + pathname + search, { method, headers, body });
  return { type: "admitted", request: admitted, document, actor, id, keyId, size: body.length };
}

interface Activity {
  readonly actor: string;
  readonly id: string;
  readonly document: JsonObject;
}

/** Who acts, and the id of the act; or what is wrong with the body. */
function parseActivity(body: Uint8Array): Activity | string {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return "The body must be JSON in UTF-8.";
  }
  const document = asObject(json);
  if (document == null) return "The body must be a JSON object.";
  const problem = findShapeProblem(document);
  if (problem != null) return `The body can't be taken: ${problem}.`;
  const id = findDocumentId(document);
  const actor = readActor(document);
  if (id == null) return "The activity must have one id, an http or https URL.";
  if (actor == null || !isHttp(actor)) return "The activity must have one actor, an http or https URL.";
  return { actor: new URL(actor).href, id: id.href, document };
}

function readActor(document: JsonObject): string | undefined {
  const actor = asObject(document["actor"])?.["id"] ?? document["actor"];
  return typeof actor === "string" ? actor : undefined;
}

function isHttp(text: string): boolean {
  const protocol = URL.parse(text)?.protocol;
  return protocol === "https:" || protocol === "http:";
}

function findSignatureProblem(signature: SignatureHeaders, now: Date): string | undefined {
  if (!coversRequest(signature)) return "The signature must cover method, path, host, date and digest.";
  const { dated } = signature;
  if (dated != null && Math.abs(dated.getTime() - now.getTime()) <= maxSkew) return undefined;
  return "The signature must be dated within an hour of now.";
}

async function matchesDigest(
  body: Uint8Array<ArrayBuffer>,
  digest: SignatureHeaders["digest"],
): Promise<boolean> {
  if (digest == null) return false;
  const actual = new Uint8Array(await crypto.subtle.digest(digest.algorithm, body));
  const stated = Buffer.from(digest.value, "base64");
  return stated.length === actual.length && timingSafeEqual(stated, actual);
}

function refuse(status: number, detail: string): DoorResult {
  return { type: "refused", problem: describeProblem(status, detail) };
}
