import type { Level } from '../../../assurance/levels.ts';
import { Alert, Badge, Card, DataList, TextLink } from '../../../web/components/index.ts';
import { formatDate } from '../../../web/i18n/format.ts';
import { paths } from '../paths.ts';
import { KontoLayout, type KontoFrame } from './konto-frame.tsx';
import { claimName } from './words.ts';

/** Those parts of a citizen's own data that are changed together, as the address names them. */
export const dataGroups = { name: 'name', birthdate: 'geburtsdatum', address: 'anschrift', phone: 'telefon' } as const;
export type DataGroup = keyof typeof dataGroups;

export interface CardRow {
  readonly name: string;
  /** Undefined while it is hidden from a weak login. */
  readonly value?: string;
  readonly level: Level;
  /** ms since the epoch. */
  readonly at: number;
  readonly assumed: boolean;
}

export interface OwnRow {
  readonly group: DataGroup | 'email' | 'loginName';
  readonly value?: string;
  readonly at?: number;
  /** The card says something else, or the same: that counts. */
  readonly locked: boolean;
}

export interface DataView {
  readonly card?: { readonly rows: readonly CardRow[]; readonly validUntil?: number };
  /** The login is too weak to show what the card says. */
  readonly hidden: boolean;
  readonly own: readonly OwnRow[];
  readonly history: readonly { readonly at: number; readonly rows: readonly Pick<CardRow, 'name' | 'value'>[] }[];
  readonly saved: boolean;
}

type Props = DataView & KontoFrame;

const Hidden = ({ t }: KontoFrame) => <span class="bid-muted">{t.hidden.value}</span>;

const CardData = (props: Props) => {
  const { t, page, card } = props;
  if (!card) return null;
  return (
    <Card id="ausweis" heading={t.data.cardTitle}>
      <p class="kern-body">{t.data.cardWhy}</p>
      <DataList
        items={[
          ...card.rows.map((row) => ({
            label: claimName(page.locale, row.name),
            value: row.value ?? <Hidden {...props} />,
            note: (
              <>
                <Badge tone="success">{page.common.source.card}</Badge>
                <span class="bid-muted">
                  {t.data.readOn({ date: formatDate(page.locale, row.at) })}. {page.common.level.badge[row.level]}.
                  {row.assumed ? ` ${t.data.assumed}` : ''}
                </span>
              </>
            ),
          })),
          ...(card.validUntil === undefined
            ? []
            : [
                {
                  label: t.data.validUntil,
                  value: props.hidden ? <Hidden {...props} /> : formatDate(page.locale, card.validUntil),
                },
              ]),
        ]}
      />
    </Card>
  );
};

const OwnData = (props: Props) => {
  const { t, page } = props;
  const editable = (row: OwnRow): row is OwnRow & { readonly group: DataGroup } =>
    !row.locked && Object.hasOwn(dataGroups, row.group);
  return (
    <Card id="eigene" heading={t.data.ownTitle}>
      <p class="kern-body">{t.data.ownText}</p>
      <DataList
        items={props.own.map((row) => ({
          label: t.data.groups[row.group],
          value: row.value ?? <span class="bid-muted">{t.data.none}</span>,
          note: (
            <>
              {row.value === undefined ? null : (
                <Badge tone={row.group === 'email' ? 'success' : 'info'}>
                  {row.group === 'email' ? t.data.emailConfirmed : page.common.source.self}
                </Badge>
              )}
              <span class="bid-muted">
                {row.at === undefined ? null : `${t.data.ownOn({ date: formatDate(page.locale, row.at) })}. `}
                {row.locked ? t.data.locked : null}
                {editable(row) ? (
                  <TextLink href={`${paths.data}/${dataGroups[row.group]}`}>
                    {t.data.changeGroup({ what: t.data.groups[row.group] })}
                  </TextLink>
                ) : null}
              </span>
            </>
          ),
        }))}
      />
      <p class="kern-body">
        {t.data.emailWhere} <TextLink href={paths.means}>{t.nav.items.means}</TextLink>
      </p>
    </Card>
  );
};

export const DataPage = (props: Props) => {
  const { t, page } = props;
  return (
    <KontoLayout page={page} at="data" title={t.data.title}>
      <p class="bid-lead">{t.data.lead}</p>
      {props.saved ? <Alert tone="success" title={t.saved} announce /> : null}
      {props.hidden ? (
        <Alert tone="info" title={t.hidden.title}>
          <p class="kern-body">{t.hidden.text}</p>
          <TextLink href={`${paths.data}/zeigen`}>{t.hidden.show}</TextLink>
        </Alert>
      ) : null}
      <CardData {...props} />
      <OwnData {...props} />
      {props.history.length === 0 ? null : (
        <Card id="frueher" heading={t.data.historyTitle}>
          <p class="kern-body">{t.data.historyText}</p>
          {props.history.map((change) => (
            <section key={change.at}>
              <h3 class="kern-heading-small bid-h3">{t.data.until({ date: formatDate(page.locale, change.at) })}</h3>
              <DataList
                items={change.rows.map((row) => ({
                  label: claimName(page.locale, row.name),
                  value: row.value ?? <Hidden {...props} />,
                }))}
              />
            </section>
          ))}
        </Card>
      )}
    </KontoLayout>
  );
};
