/** Pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

export function isSameSize(one: ImageSize | undefined, other: ImageSize): boolean {
  return one?.width === other.width && one.height === other.height;
}
