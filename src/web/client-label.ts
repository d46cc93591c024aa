const browsers = [
  [/\bEdg(?:A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/(?:Chrome|CriOS)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
] as const;

const systems = [
  [/\b(?:iPhone|iPod)\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
] as const;

/**
 * In a few words by what somebody signed in, as its `User-Agent` says: `Firefox on Linux`, or `curl`. `null` where it
 * says nothing that could be repeated.
 */
export function describeClient(userAgent: string | undefined): string | null {
  if (userAgent == null) return null;
  const browser = find(browsers, userAgent);
  if (browser == null) return /^[A-Za-z][\w.-]{0,39}/.exec(userAgent)?.[0] ?? null;
  const system = find(systems, userAgent);
  return system == null ? browser : `${browser} on ${system}`;
}

function find(names: readonly (readonly [RegExp, string])[], text: string): string | undefined {
  return names.find(([pattern]) => pattern.test(text))?.[1];
}
