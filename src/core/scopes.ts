/** What a renderer may do in a user's name: know who that is, and record runs of its own. */
export const rendererScopes = ["renderer", "record-run"] as const;

export type RendererScope = (typeof rendererScopes)[number];
