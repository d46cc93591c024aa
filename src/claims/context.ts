/** The namespace of the terms that are ours, the same on every Art DAG server. */
export const namespace = "https://artdag.rose-ash.com/ns#";

/**
 * The `@context` of every claim and post, whole and inline. It is part of what is signed: documents keep the one they
 * were made with, so a change here concerns only documents to come.
 */
export const documentContext = [
  "https://www.w3.org/ns/activitystreams",
  "https://w3id.org/security/data-integrity/v1",
  {
    artdag: namespace,
    contentHash: "artdag:contentHash",
    algorithm: "artdag:algorithm",
    value: "artdag:value",
    assetType: "artdag:assetType",
    claim: { "@id": "artdag:claim", "@type": "@id" },
    metadata: { "@id": "artdag:metadata", "@type": "@json" },
    provenance: "artdag:provenance",
    run: { "@id": "artdag:run", "@type": "@id" },
    renderer: { "@id": "artdag:renderer", "@type": "@id" },
    recipe: "artdag:recipe",
    inputs: "artdag:input",
    runDigest: "artdag:runDigest",
    evidence: "artdag:evidence",
    schema: "http://schema.org/",
    license: "schema:license",
    toot: "http://joinmastodon.org/ns#",
    blurhash: "toot:blurhash",
    Hashtag: "as:Hashtag",
    sensitive: "as:sensitive",
    // The context of ActivityStreams makes a mere text of it, and Fedify then emits another document than the stored one.
    formerType: { "@id": "as:formerType", "@type": "@vocab" },
  },
] as const;
