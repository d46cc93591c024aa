/** How far what a filter or a user has is counted: a list need not be read to its end to show its beginning. */
export const countLimit = 10_000;
