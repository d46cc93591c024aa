/**
 * The terms that Pleroma, Akkoma and their relatives add to ActivityStreams.
 *
 * Each of their servers names a copy of this context at its own host, so that it is known by its path.
 */
export const litepubContext: Record<string, unknown> = {
  "@context": [
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/v1",
    {
      fedibird: "http://fedibird.com/ns#",
      litepub: "http://litepub.social/ns#",
      ostatus: "http://ostatus.org#",
      schema: "http://schema.org#",
      toot: "http://joinmastodon.org/ns#",
      vcard: "http://www.w3.org/2006/vcard/ns#",

      ChatMessage: "litepub:ChatMessage",
      EmojiReact: "litepub:EmojiReact",
      capabilities: "litepub:capabilities",
      directMessage: "litepub:directMessage",
      formerRepresentations: "litepub:formerRepresentations",
      invisible: "litepub:invisible",
      listMessage: { "@id": "litepub:listMessage", "@type": "@id" },
      oauthRegistrationEndpoint: { "@id": "litepub:oauthRegistrationEndpoint", "@type": "@id" },

      Emoji: "toot:Emoji",
      Hashtag: "as:Hashtag",
      PropertyValue: "schema:PropertyValue",
      alsoKnownAs: { "@id": "as:alsoKnownAs", "@type": "@id" },
      atomUri: "ostatus:atomUri",
      conversation: { "@id": "ostatus:conversation", "@type": "@id" },
      discoverable: "toot:discoverable",
      manuallyApprovesFollowers: "as:manuallyApprovesFollowers",
      quoteUri: "fedibird:quoteUri",
      quoteUrl: "as:quoteUrl",
      sensitive: "as:sensitive",
      value: "schema:value",
    },
  ],
};
