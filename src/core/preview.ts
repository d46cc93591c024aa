/** The size of a preview at most, in bytes. */
export const maxPreviewBytes = 1024 * 1024;

/** The width and the height of a preview at most, in pixels. */
export const maxPreviewSide = 4096;

/** Media types that a preview may have. */
export const previewTypes = ["image/jpeg", "image/png", "image/webp"] as const;
export type PreviewType = (typeof previewTypes)[number];
