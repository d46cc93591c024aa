import { createHash, createPublicKey, verify } from "node:crypto";

/** A request as it arrived at another server. */
export interface Arrived {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Receiver {
  /** The name by which the receiver knows itself. */
  readonly host: string;
  readonly now: Date;
  /** The actor whom the key belongs to, by the key's id; `undefined` where nothing is found there. */
  fetchOwner(
    keyId: string,
  ): Promise<{ id: string; publicKey: { id: string; publicKeyPem: string } } | undefined>;
}

/**
 * What a server of the draft-cavage kind makes of a request: Mastodon's rules, and GoToSocial's, which demands the
 * same of a GET and takes no content type but ActivityPub's. Gives the reason of a refusal, or `undefined`.
 */
export async function refuseSigned(request: Arrived, receiver: Receiver): Promise<string | undefined> {
  const parameters = parseParameters(request.headers["signature"]);
  const covered = parameters["headers"]?.split(" ") ?? [];
  const post = request.method === "POST";
  const wanted = ["(request-target)", "host", "date", ...(post ? ["digest"] : [])];
  if (wanted.some((name) => !covered.includes(name))) return `covers ${covered.join(" ")} only`;
  if (parameters["algorithm"] !== "rsa-sha256") return `algorithm ${parameters["algorithm"]}`;
  if (request.headers["host"] !== receiver.host) return "signed for another host";
  const date = Date.parse(String(request.headers["date"]));
  if (!(Math.abs(date - receiver.now.getTime()) <= 3_600_000)) return "dated more than an hour off";
  if (post) {
    const digest = createHash("sha256").update(request.body).digest("base64");
    if (request.headers["digest"] !== `SHA-256=${digest}`) return "the digest is of another body";
    if (request.headers["content-type"] !== "application/activity+json") return "content type";
  }
  const keyId = parameters["keyId"] ?? "";
  const owner = await receiver.fetchOwner(keyId);
  if (owner == null || owner.publicKey.id !== keyId) return "no such key";
  if (post && JSON.parse(request.body).actor !== owner.id) return "the key is another actor's";
  const text = covered.map((name) => `${name}: ${toValue(request, name)}`).join("\n");
  const signature = Buffer.from(parameters["signature"] ?? "", "base64");
  const genuine = verify(
    "sha256",
    Buffer.from(text),
    createPublicKey(owner.publicKey.publicKeyPem),
    signature,
  );
  return genuine ? undefined : "the signature is wrong";
}

function toValue({ method, target, headers }: Arrived, name: string): string {
  return name === "(request-target)" ? `${method.toLowerCase()} ${target}` : String(headers[name]);
}

function parseParameters(header: string | string[] | undefined): Partial<Record<string, string>> {
  const pairs = String(header).matchAll(/(\w+)="([^"]*)"/g);
  return Object.fromEntries([...pairs].map(([, name, value]) => [name, value]));
}
