import type { Folder } from '../letters/letter.ts';
import { folderNames, paths } from './paths.ts';

export const periods = ['d7', 'd30', 'd365'] as const;
/** The last days, or a calendar year of four digits. */
export type Period = (typeof periods)[number] | `${number}`;

/** What an address of the inbox asks for. What is not understood is left out: the page must always come. */
export interface InboxQuery {
  readonly folder: Folder;
  /** Words; '' when nothing is searched. */
  readonly search: string;
  readonly unread: boolean;
  readonly flagged: boolean;
  readonly sender?: string;
  readonly period?: Period;
  /** Our id of an application. */
  readonly application?: string;
  /** Cursor of a list. */
  readonly after?: string;
  /** Of search results, from 1. */
  readonly page: number;
}

export const longestSearch = 200;
const mostPages = 10_000;
const day = 86_400_000;
/** New Year is in winter time: an hour before UTC. */
const winterOffset = 3_600_000;

const isPeriod = (text: string): text is Period =>
  (periods as readonly string[]).includes(text) || /^20\d\d$/.test(text);

export const readQuery = (parameters: URLSearchParams): InboxQuery => {
  const text = (name: string, form: RegExp): string | undefined => {
    const value = parameters.get(name) ?? '';
    return form.test(value) ? value : undefined;
  };
  const wanted = parameters.get('ordner');
  const folders = Object.keys(folderNames) as Folder[];
  const sender = text('absender', /^[a-z0-9-]{1,64}$/);
  const application = text('vorgang', /^[\w-]{1,64}$/);
  const after = text('ab', /^[\w.-]{1,100}$/);
  const period = parameters.get('zeitraum') ?? '';
  const page = Number(text('seite', /^\d{1,5}$/) ?? '1');
  return {
    folder: folders.find((folder) => folderNames[folder] === wanted) ?? 'inbox',
    search: (parameters.get('suche') ?? '').trim().slice(0, longestSearch),
    unread: parameters.get('ungelesen') === '1',
    flagged: parameters.get('wichtig') === '1',
    ...(sender === undefined ? {} : { sender }),
    ...(isPeriod(period) ? { period } : {}),
    ...(application === undefined ? {} : { application }),
    ...(after === undefined ? {} : { after }),
    page: Math.min(Math.max(page, 1), mostPages),
  };
};

/** The address that asks for this. */
export const addressOf = (query: InboxQuery): string => {
  const { folder, search, unread, flagged, sender, period, application, after, page } = query;
  const parameters = new URLSearchParams({
    ...(folder === 'inbox' ? {} : { ordner: folderNames[folder] }),
    ...(search === '' ? {} : { suche: search }),
    ...(unread ? { ungelesen: '1' } : {}),
    ...(flagged ? { wichtig: '1' } : {}),
    ...(sender === undefined ? {} : { absender: sender }),
    ...(period === undefined ? {} : { zeitraum: period }),
    ...(application === undefined ? {} : { vorgang: application }),
    ...(after === undefined ? {} : { ab: after }),
    ...(page === 1 ? {} : { seite: String(page) }),
  }).toString();
  return parameters === '' ? paths.inbox : `${paths.inbox}?${parameters}`;
};

export const isFiltered = ({ unread, flagged, sender, period, application }: InboxQuery): boolean =>
  unread || flagged || sender !== undefined || period !== undefined || application !== undefined;

/** Times of a period in ms since the epoch: from, and before `to`. */
export const timesOf = (period: Period | undefined, now: number): { readonly from?: number; readonly to?: number } => {
  if (period === undefined) return {};
  const year = Number(period);
  if (!Number.isNaN(year))
    return { from: Date.UTC(year, 0, 1) - winterOffset, to: Date.UTC(year + 1, 0, 1) - winterOffset };
  return { from: now - Number(period.slice(1)) * day };
};
