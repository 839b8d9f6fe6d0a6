import { formatDate, formatDateTime, formatList } from '../../../web/i18n/format.ts';
import type { Locale } from '../../../web/i18n/shape.ts';
import { groundMessages } from '../../../web/page-context.ts';
import { attributeWords } from '../../attribute-text.ts';
import type { Attributes } from '../../identity/attribute.ts';
import { activityRow } from '../activity-words.ts';
import { claimName, claimNames, meansName } from '../pages/words.ts';
import { deviceWords } from '../pages/SessionsPage.tsx';
import { kontoTexts } from '../texts/konto.ts';
import type { Collected } from './collect.ts';

/** A document as people read it, before it is a file. */
export interface PaperDocument {
  readonly locale: Locale;
  readonly title: string;
  readonly subtitle: string;
  /** The foot of each page. */
  readonly pageOf: (p: { readonly page: number; readonly of: number }) => string;
  readonly sections: readonly {
    readonly heading: string;
    readonly empty: string;
    readonly entries: readonly { readonly label: string; readonly lines: readonly string[] }[];
  }[];
}

/** Events on paper: setting more would take longer than anybody waits, and nobody reads them. The JSON has all. */
const mostOnPaper = 300;

/** The same content as the JSON, in words. */
export const paperOf = (
  collected: Collected,
  locale: Locale,
  serviceName: (clientId: string) => string,
): PaperDocument => {
  const t = kontoTexts[locale];
  const words = t.export.paper;
  const common = groundMessages(locale);
  const { citizen, cardHidden } = collected;
  const level = (name: keyof typeof common.level.name): string => common.level.badge[name];
  const optional = (label: string, value: string | undefined): { label: string; lines: string[] }[] =>
    value === undefined ? [] : [{ label, lines: [value] }];

  const data = (attributes: Attributes, hidden = false): { label: string; lines: string[] }[] =>
    Object.entries(attributes).map(([name, { value, source, level: sure, at, assumed }]) => ({
      label: claimName(locale, name),
      lines: [
        hidden ? t.hidden.value : attributeWords(name, value, locale),
        `${common.source[source]}, ${level(sure)}, ${formatDate(locale, at)}${assumed === true ? `. ${t.data.assumed}` : ''}`,
      ],
    }));
  const named = (claims: readonly string[]): string =>
    claims.length === 0 ? t.services.nothing : formatList(locale, claimNames(locale, claims));
  const wording = {
    locale,
    serviceName,
    reasons: new Map(collected.operatorActs.map((act) => [act.id, act.reason])),
  };
  const { link } = citizen.card ?? {};
  const newest = collected.activities.slice(0, mostOnPaper);
  const section = (heading: string, entries: { label: string; lines: string[] }[], note?: string) => ({
    heading: note === undefined ? heading : `${heading} (${note})`,
    empty: words.none,
    entries,
  });

  return {
    locale,
    title: words.title,
    subtitle: words.created({ when: formatDateTime(locale, collected.at) }),
    pageOf: words.pageOf,
    sections: [
      section(words.account, [
        { label: words.accountSince, lines: [formatDate(locale, citizen.account.createdAt)] },
        ...optional(t.data.groups.loginName, citizen.loginName),
        ...optional(t.data.groups.email, citizen.email),
      ]),
      section(t.data.ownTitle, data(citizen.self)),
      section(t.data.cardTitle, data(citizen.card?.attributes ?? {}, cardHidden)),
      section(
        t.data.historyTitle,
        collected.earlier.flatMap(({ at, before }) =>
          data(before, cardHidden).map(({ label, lines }) => ({
            label: `${label} (${t.data.until({ date: formatDate(locale, at) })})`,
            lines,
          })),
        ),
      ),
      section(t.nav.items.means, [
        ...collected.credentials.map(({ kind, name, ceiling, createdAt, usedAt, left }) => ({
          label: name === undefined ? meansName(t, kind) : `${meansName(t, kind)}: ${name}`,
          lines: [
            words.added({ date: formatDate(locale, createdAt) }),
            words.ceiling({ level: level(ceiling) }),
            ...(usedAt === undefined ? [] : [words.used({ date: formatDate(locale, usedAt) })]),
            ...(left === undefined ? [] : [words.left({ left })]),
          ],
        })),
        ...(link
          ? [
              {
                label: meansName(t, 'eid'),
                lines: [
                  words.added({ date: formatDate(locale, link.linkedAt) }),
                  words.ceiling({ level: level(link.ceiling) }),
                  ...(link.validUntil === undefined
                    ? []
                    : [`${t.data.validUntil}: ${formatDate(locale, link.validUntil)}`]),
                ],
              },
            ]
          : []),
      ]),
      section(
        t.sessions.title,
        collected.sessions.map((session) => ({
          label: deviceWords({ t }, session.kind),
          lines: [
            `${t.sessions.began}: ${formatDateTime(locale, session.beganAt)}, ${t.method[session.means]}, ${level(session.level)}`,
            `${t.sessions.services}: ${session.services.length === 0 ? t.sessions.noServices : formatList(locale, session.services.map(serviceName))}`,
          ],
        })),
      ),
      section(
        words.consents,
        collected.consents.map(({ clientId, claims, refused, at, endedAt }) => ({
          label: serviceName(clientId),
          lines: [
            named(claims),
            ...(refused.length === 0 ? [] : [`${t.services.refused}: ${named(refused)}`]),
            endedAt === undefined
              ? `${t.services.consentSince} ${formatDateTime(locale, at)}`
              : t.services.past({ from: formatDateTime(locale, at), to: formatDateTime(locale, endedAt) }),
          ],
        })),
      ),
      section(
        words.identifiers,
        collected.subjects.map(({ sector, subject, at }) => ({
          label: sector,
          lines: [subject, formatDate(locale, at)],
        })),
      ),
      section(
        words.postfach,
        collected.handles.map(({ authority, handle, clients, at }) => ({
          label: authority,
          lines: [handle, formatList(locale, clients.map(serviceName)), formatDate(locale, at)],
        })),
      ),
      section(
        t.activities.title,
        newest.map((activity) => {
          const row = activityRow(activity, wording);
          return { label: `${formatDateTime(locale, row.at)}: ${row.what}`, lines: [...row.details] };
        }),
        newest.length < collected.activities.length ? words.newestOnly({ count: mostOnPaper }) : undefined,
      ),
    ],
  };
};
