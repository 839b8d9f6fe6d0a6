export const devices = ['iphone', 'ipad', 'android', 'chromebook', 'windows', 'mac', 'linux', 'other'] as const;
export type DeviceKind = (typeof devices)[number];

const signs: readonly (readonly [RegExp, DeviceKind])[] = [
  [/iPhone/, 'iphone'],
  [/iPad/, 'ipad'],
  [/Android/, 'android'],
  [/CrOS/, 'chromebook'],
  [/Windows/, 'windows'],
  [/Macintosh/, 'mac'],
  [/Linux/, 'linux'],
];

/** What a browser says it runs on: good enough to suggest a name, and for nothing else. */
export const deviceOf = (userAgent: string): DeviceKind => signs.find(([sign]) => sign.test(userAgent))?.[1] ?? 'other';
