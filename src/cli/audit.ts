import { appendFileSync, closeSync, existsSync, openSync, readSync, statSync, truncateSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { hostname } from 'node:os';
import type { AuditChain, ChainFault, LinkedEvent } from '../id/audit/chain.ts';
import { Misunderstood, withRecords, type CommandContext } from './context.ts';
import { takenBack } from './taken-back.ts';

export const auditUsage = `bayern-id audit verify [<seq>:<link>]
                                  follow the journal's chain; with a link that was noted earlier, also whether it is
                                  still part of it
bayern-id audit taken-back <file> [--apply]
                                  what a database that was restored has lost of an export made since; does again what
                                  can be done again
bayern-id audit head              print the newest link, to be noted elsewhere
bayern-id audit export <file>     append what the file does not have yet, a line of JSON for each event
bayern-id audit export syslog://<host>:<port> [<seq>]
                                  send events after that place to a syslog server (RFC 5424 over TCP, RFC 6587)`;

/** A progress line at most so often, in links. */
const tellEvery = 50_000;

const describeFault = (fault: ChainFault): string => {
  switch (fault.kind) {
    case 'changed':
      return `${fault.seq}: event ${fault.eventId} was changed`;
    case 'missing':
      return `${fault.seq}: event ${fault.eventId} is missing`;
    case 'broken':
      return `${fault.seq}: does not follow from the link before: something was removed, put in or reordered`;
    case 'unlinked':
      return `event ${fault.eventId} is in no link: it was put in past the program, or no server has run since`;
    case 'cut':
      return `${fault.seq}: the noted link is not in the chain: it was cut off or made anew`;
  }
};

const noted = (given: string): { seq: number; link: string } => {
  const [, seq, link] = /^(\d{1,15}):([\w-]{43})$/.exec(given) ?? [];
  if (seq === undefined || link === undefined) throw new Misunderstood(auditUsage);
  return { seq: Number(seq), link };
};

const verify = async (chain: AuditChain, given: string | undefined, context: CommandContext): Promise<number> => {
  let told = 0;
  const progress = (done: number, all: number): void => {
    if (done - told < tellEvery) return;
    told = done;
    context.print(`${done} of ${all} links`);
  };
  const { links, head, faults } = await chain.verify(given === undefined ? undefined : noted(given), progress);
  for (const fault of faults) context.print(describeFault(fault));
  context.print(
    faults.length === 0
      ? `${links} links, all as they were written; head ${head.seq}:${head.link}`
      : `${links} links, NOT as they were written`,
  );
  return faults.length === 0 ? 0 : 1;
};

const lineOf = ({ seq, link, at, id, type, account_id, client_id, reference_id, detail }: LinkedEvent): string =>
  JSON.stringify({
    seq,
    link,
    id,
    at: new Date(at).toISOString(),
    type,
    ...(account_id === null ? {} : { accountId: account_id }),
    ...(client_id === null ? {} : { clientId: client_id }),
    ...(reference_id === null ? {} : { referenceId: reference_id }),
    detail: JSON.parse(detail) as object,
  });

const longestLine = 64 * 1024;

/** The place up to which a file has come; half a line at its end, from an export that was interrupted, is cut off. */
const placeIn = (file: string): number => {
  if (!existsSync(file)) return 0;
  const { size } = statSync(file);
  const buffer = Buffer.alloc(Math.min(size, longestLine));
  const handle = openSync(file, 'r');
  readSync(handle, buffer, 0, buffer.length, size - buffer.length);
  closeSync(handle);
  const end = buffer.lastIndexOf('\n') + 1;
  truncateSync(file, size - buffer.length + end);
  const last = buffer.subarray(0, end).toString().trimEnd().split('\n').at(-1) ?? '';
  if (last === '') return 0;
  const { seq } = JSON.parse(last) as { seq?: unknown };
  if (typeof seq !== 'number') throw new Error(`${file} is no export of the journal`);
  return seq;
};

/** Everything after a place, page by page. @returns the last place */
const drain = async (
  chain: AuditChain,
  from: number,
  take: (events: readonly LinkedEvent[]) => Promise<void> | void,
): Promise<number> => {
  let place = from;
  for (;;) {
    const events = await chain.after(place);
    if (events.length === 0) return place;
    await take(events);
    place = events.at(-1)?.seq ?? place;
  }
};

const toFile = async (chain: AuditChain, file: string, context: CommandContext): Promise<number> => {
  const from = placeIn(file);
  let count = 0;
  const last = await drain(chain, from, (events) => {
    appendFileSync(file, events.map((event) => `${lineOf(event)}\n`).join(''), { mode: 0o600 });
    count += events.length;
    if (count % tellEvery === 0) context.print(`${count} events`);
  });
  context.print(`${count} events written to ${file}, up to ${last}`);
  return 0;
};

/** Facility 13 (log audit), severity 6 (informational): RFC 5424, 6.2.1. */
const priority = 13 * 8 + 6;

/** RFC 5424 with octet counting (RFC 6587, 3.4.1), so that no content can pass for another message. */
const syslogFrame = (event: LinkedEvent): Buffer => {
  const name = event.type.replaceAll(/[^\w.-]/g, '').slice(0, 32);
  const text = `<${priority}>1 ${new Date(event.at).toISOString()} ${hostname()} bayern-id - ${name} - ${lineOf(event)}`;
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from(`${body.length} `), body]);
};

const send = (socket: Socket, bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()));
  });

const toSyslog = async (
  chain: AuditChain,
  target: URL,
  given: string | undefined,
  context: CommandContext,
): Promise<number> => {
  if (given !== undefined && !/^\d{1,15}$/.test(given)) throw new Misunderstood(auditUsage);
  const socket = connect(Number(target.port || 601), target.hostname.replaceAll(/[[\]]/g, ''));
  try {
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    let count = 0;
    const last = await drain(chain, Number(given ?? 0), async (events) => {
      await send(socket, Buffer.concat(events.map(syslogFrame)));
      count += events.length;
    });
    await new Promise<void>((resolve, reject) => socket.once('error', reject).end(resolve));
    context.print(`${count} events sent, up to ${last}: go on with bayern-id audit export ${target.href} ${last}`);
    return 0;
  } finally {
    socket.destroy();
  }
};

/** @returns the exit code: 0 all well, 1 the journal is not as it was written. */
export const auditCommand = async (args: readonly string[], context: CommandContext): Promise<number> => {
  const [verb, first, second, ...rest] = args;
  if (rest.length > 0) throw new Misunderstood(auditUsage);
  if (verb === 'taken-back' && first !== undefined && (second === undefined || second === '--apply'))
    return takenBack(first, second === '--apply', context);
  return withRecords(context, async ({ auditChain }) => {
    if (verb === 'verify' && second === undefined) return verify(auditChain, first, context);
    if (verb === 'head' && first === undefined) {
      const { seq, link } = await auditChain.head();
      context.print(`${seq}:${link}`);
      return 0;
    }
    if (verb === 'export' && first !== undefined) {
      if (first.startsWith('syslog://') && URL.canParse(first))
        return toSyslog(auditChain, new URL(first), second, context);
      if (second === undefined) return toFile(auditChain, first, context);
    }
    throw new Misunderstood(auditUsage);
  });
};
