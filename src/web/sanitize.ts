import sanitize from "sanitize-html";

/** HTML that another server sent, cut down to what text needs: no script, style, frame, form or image survives. */
export function sanitizeRemoteHtml(html: string): string {
  return sanitize(html, {
    allowedTags: "p br a span em strong b i ul ol li blockquote pre code".split(" "),
    allowedAttributes: { a: ["href", "rel"] },
    allowedSchemes: ["http", "https"],
    allowProtocolRelative: false,
    nestingLimit: 30,
    transformTags: { a: sanitize.simpleTransform("a", { rel: "nofollow noopener noreferrer" }) },
  });
}
