/** Whether the text has the form of a run's id. It then needs no escaping in a URL. */
export function isRunId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,128}$/.test(text);
}
