import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../web/http-error.ts';
import type { Locale } from '../../web/i18n/shape.ts';
import { localeOf } from '../../web/page-context.ts';
import { attributeWords } from '../attribute-text.ts';
import type { AttributeName, Attributes } from '../identity/attribute.ts';
import type { Citizen } from '../identity/citizen.ts';
import type { Visitor } from '../oidc/visitor.ts';
import { countriesOf } from './countries.ts';
import { attributesOf, fieldsOf, readOwnData, valuesOf } from './own-data.ts';
import { dataGroups, DataPage, type CardRow, type DataGroup, type DataView, type OwnRow } from './pages/DataPage.tsx';
import { EditDataPage, type EditDataView } from './pages/EditDataPage.tsx';
import { showKonto } from './pages/konto-frame.tsx';
import { cardLevel, seesCard, type Demanded } from './entry.ts';
import type { AccountRouteParts } from './parts.ts';
import { paths } from './paths.ts';
import { seeOther } from '../../web/see-other.ts';

const showPath = `${paths.data}/zeigen`;

/** In the order in which people give their data. */
const cardNames: readonly AttributeName[] = [
  'given_name',
  'family_name',
  'birth_family_name',
  'title',
  'also_known_as',
  'birthdate',
  'place_of_birth',
  'nationalities',
  'address',
  'document_type',
  'community_id',
];

const groups = Object.keys(dataGroups) as DataGroup[];

/** A part of one's own data is locked once the card says something of it. */
export const isLocked = ({ card }: Pick<Citizen, 'card'>, group: DataGroup): boolean =>
  attributesOf[group].some((name) => card?.attributes[name] !== undefined);

const rowsOf = (attributes: Attributes, hidden: boolean, locale: Locale): CardRow[] =>
  cardNames.flatMap((name) => {
    const attribute = attributes[name];
    if (!attribute) return [];
    const { value, level, at, assumed } = attribute;
    const row = { name, level, at, assumed: assumed === true };
    return [hidden ? row : { ...row, value: attributeWords(name, value, locale) }];
  });

const ownRow = (citizen: Citizen, group: DataGroup, locale: Locale): OwnRow => {
  const attributes = attributesOf[group].flatMap((name) => {
    const attribute = citizen.self[name];
    return attribute ? [{ text: attributeWords(name, attribute.value, locale), at: attribute.at }] : [];
  });
  return {
    group,
    locked: isLocked(citizen, group),
    ...(attributes.length === 0
      ? {}
      : { value: attributes.map(({ text }) => text).join(' '), at: Math.max(...attributes.map(({ at }) => at)) }),
  };
};

/** /konto/daten */
export const addDataRoutes = (
  router: Router,
  {
    entry,
    dangerous,
    accounts,
    cardHistory,
  }: Pick<AccountRouteParts, 'entry' | 'dangerous' | 'accounts' | 'cardHistory'>,
): void => {
  const view = async (ctx: Context, visitor: Visitor): Promise<DataView> => {
    const { citizen } = visitor;
    const locale = localeOf(ctx);
    const { card, email, loginName, self } = citizen;
    const changes = await cardHistory.of(citizen.account.id);
    const hidden = (card !== undefined || changes.length > 0) && !seesCard(visitor);
    const named = (group: 'email' | 'loginName', value: string | undefined, at?: number): OwnRow[] =>
      value === undefined ? [] : [{ group, value, locked: false, ...(at === undefined ? {} : { at }) }];
    return {
      hidden,
      own: [
        ...groups.map((group) => ownRow(citizen, group, locale)),
        ...(email === undefined ? [{ group: 'email', locked: false } as const] : named('email', email, self.email?.at)),
        ...named('loginName', loginName),
      ],
      history: changes.map(({ at, before }) => ({ at, rows: rowsOf(before, hidden, locale) })),
      saved: ctx.query['gespeichert'] === '1',
      ...(card
        ? {
            card: {
              rows: rowsOf(card.attributes, hidden, locale),
              ...(card.link.validUntil === undefined ? {} : { validUntil: card.link.validUntil }),
            },
          }
        : {}),
    };
  };

  router.get(paths.data, async (ctx) => {
    const visitor = await entry.open(ctx);
    if (visitor) showKonto(ctx, DataPage, await view(ctx, visitor));
  });

  /** Asks for the level that shows what is hidden, and comes back. */
  router.get(showPath, async (ctx) => {
    const visitor = await entry.open(ctx, { level: cardLevel, maxAge: 12 * 3600 });
    if (visitor) seeOther(ctx, paths.data);
  });

  /**
   * The birth date decides which card fits the account (MG-13): whoever has only a password must not change it to that of
   * a card of his own, so it takes what a dangerous act takes.
   */
  const demandOf = (group: DataGroup): Demanded | undefined => (group === 'birthdate' ? dangerous : undefined);

  const form = (
    ctx: Context,
    visitor: Visitor,
    group: DataGroup,
    more: Pick<EditDataView, 'values' | 'errors'>,
  ): EditDataView => ({
    group,
    csrf: entry.csrf(visitor),
    countries: group === 'address' ? countriesOf(localeOf(ctx)) : [],
    ...more,
  });

  for (const group of groups) {
    const path = `${paths.data}/${dataGroups[group]}`;

    router.get(path, async (ctx) => {
      const visitor = await entry.open(ctx, demandOf(group));
      if (!visitor) return;
      if (isLocked(visitor.citizen, group)) return seeOther(ctx, paths.data);
      const values = valuesOf(group, visitor.citizen.self);
      showKonto(ctx, EditDataPage, form(ctx, visitor, group, { values, errors: {} }));
    });

    router.post(path, async (ctx) => {
      const posted = await entry.posted(ctx, path, demandOf(group));
      if (!posted) return;
      const { visitor, form: sent } = posted;
      const { citizen } = visitor;
      if (isLocked(citizen, group)) throw new HttpError('forbidden', { reason: 'card_value' });
      const read = readOwnData(group, sent, Date.now());
      if (read.kind === 'errors') {
        const values = Object.fromEntries(fieldsOf[group].map((name) => [name, sent.get(name).slice(0, 400)]));
        showKonto(ctx, EditDataPage, form(ctx, visitor, group, { values, errors: read.errors }), 422);
        return;
      }
      const set = await accounts.setSelf(citizen.account, read.changes, [
        { type: 'data.changed', attributes: Object.keys(read.changes) },
      ]);
      if (set === 'stale') throw new HttpError('conflict', { reason: 'account' });
      seeOther(ctx, `${paths.data}?gespeichert=1`);
    });
  }
};
