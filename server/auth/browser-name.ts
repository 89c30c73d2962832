/** In this order: each says that it is some of those after it, too. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\b(OPR|Opera)\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/(Chrome|Chromium|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/Tizen|SMART-TV/i, 'Samsung TV'],
  [/Web0S|webOS/i, 'LG TV'],
  [/Android/, 'Android'],
  [/iPad/, 'iPad'],
  [/iPhone/, 'iPhone'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Macintosh/, 'Mac'],
  [/Linux|X11/, 'Linux'],
];

/** What a browser is called among the clinic's devices: "Firefox, Windows". Programs say their own name, at most 60 letters. */
export function browserName(userAgent: string): string {
  const among = (names: typeof BROWSERS) => names.find(([pattern]) => pattern.test(userAgent))?.[1];
  const known = [among(BROWSERS), among(SYSTEMS)].filter((name) => name !== undefined);
  return /^Mozilla\//.test(userAgent) && known.length > 0 ? known.join(', ') : userAgent.slice(0, 60) || 'unknown';
}
