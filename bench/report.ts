import type { Sample } from './child.ts';
import type { Round } from './measure.ts';

/** One line of the result. CPU time and latency in ms per operation; ratio is ours over the bare library's. */
export interface Result {
  readonly name: string;
  readonly cpuMs: number;
  readonly bareCpuMs: number | null;
  readonly ratio: number | null;
  readonly perSecond: number;
  readonly p99Ms: number;
  /** By how much the process grew at most; only where that is measured. */
  readonly memoryMB?: number;
}

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

const median = (values: readonly number[]): number => {
  const list = sorted(values);
  const middle = list.length / 2;
  return ((list[Math.floor(middle)] ?? 0) + (list[Math.ceil(middle) - 1] ?? 0)) / 2;
};

const p99 = ({ latencies }: Sample): number => {
  const list = sorted(latencies);
  return list[Math.min(list.length - 1, Math.floor(list.length * 0.99))] ?? 0;
};

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Medians over the rounds; the ratio is the median of the pairs' ratios, since the machine differs more between rounds. */
export const resultOf = (name: string, rounds: readonly Round[]): Result => {
  const ours = rounds.map(({ product }) => product);
  const pairs = rounds.flatMap(({ product, bare }) => (bare ? [{ product, bare }] : []));
  const memory = ours.flatMap(({ memoryMB }) => memoryMB ?? []);
  return {
    name,
    cpuMs: round(median(ours.map(({ cpuMs }) => cpuMs)), 4),
    bareCpuMs: pairs.length === 0 ? null : round(median(pairs.map(({ bare }) => bare.cpuMs)), 4),
    ratio: pairs.length === 0 ? null : round(median(pairs.map(({ product, bare }) => product.cpuMs / bare.cpuMs)), 3),
    perSecond: round(median(ours.map(({ count, seconds }) => count / seconds)), 1),
    p99Ms: round(median(ours.map(p99)), 2),
    ...(memory.length === 0 ? {} : { memoryMB: round(Math.max(...memory), 1) }),
  };
};

const columns = ['cpu ms', 'bare', 'ratio', 'per s', 'p99 ms'] as const;

const cells = (result: Result): string[] => [
  result.cpuMs.toFixed(3),
  result.bareCpuMs?.toFixed(3) ?? '–',
  result.ratio?.toFixed(2) ?? '–',
  result.perSecond.toFixed(0),
  result.p99Ms.toFixed(1),
];

/** What the rows say together, beside what issue 2 aims at. */
const conclusions = (results: readonly Result[]): string[] => {
  const row = (name: string): Result | undefined => results.find((result) => result.name === name);
  const [session, withPassword, hash] = [row('login-session'), row('login-password'), row('hash')];
  const lines: string[] = [];
  const [sealing, audit] = [row('login-sealing')?.cpuMs, row('login-audit')?.cpuMs];
  if (sealing !== undefined && audit !== undefined)
    lines.push(
      `sealing and audit of a login: ${sealing.toFixed(3)} + ${audit.toFixed(3)} = ${(sealing + audit).toFixed(3)} ms CPU (aim: less than 0.3)`,
    );
  const attachment = row('postfach-attachment')?.memoryMB;
  if (attachment !== undefined)
    lines.push(`a letter of 50 MB: ${attachment.toFixed(1)} MB of memory (aim: less than 32)`);
  const inbox = row('postfach-inbox')?.cpuMs;
  if (inbox !== undefined) lines.push(`an inbox of 10,000 letters: ${inbox.toFixed(1)} ms CPU (aim: less than 30)`);
  const [create, read] = [row('payment-create')?.cpuMs, row('payment-read')?.cpuMs];
  if (create !== undefined && read !== undefined)
    lines.push(`a fee asked for and read: ${(create + read).toFixed(2)} ms CPU (aim: less than 3)`);
  if (session?.ratio != null) lines.push(`login without hash: ${session.ratio.toFixed(2)} × bare (aim: at most 1.5)`);
  if (withPassword && hash) {
    const share = Math.round((withPassword.perSecond / hash.perSecond) * 100);
    lines.push(`login with password: ${share} % of what the hash alone allows (aim: 80 %)`);
    if (withPassword.bareCpuMs !== null) {
      const [own, bare] = [withPassword.cpuMs - hash.cpuMs, withPassword.bareCpuMs - hash.cpuMs];
      const ratio = (own / bare).toFixed(2);
      lines.push(`login with password, hash taken off: ${own.toFixed(2)} ms, bare ${bare.toFixed(2)} ms (${ratio} ×)`);
    }
  }
  return lines;
};

export const table = (results: readonly Result[], about: (name: string) => string): string => {
  const name = (text: string): string => text.padEnd(20);
  const line = (parts: readonly string[]): string => parts.map((part) => part.padStart(8)).join('');
  return [
    `${name('')}${line(columns)}`,
    ...results.map((result) => `${name(result.name)}${line(cells(result))}   ${about(result.name)}`),
    '',
    ...conclusions(results),
  ].join('\n');
};
