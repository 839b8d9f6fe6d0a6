import type { VNode } from 'preact';
import { Actions, Alert, Badge, ButtonLink, Card, DataList, Layout, Steps } from '../../../web/components/index.ts';
import { formatDate } from '../../../web/i18n/format.ts';
import type { PageContext } from '../../../web/page-context.ts';
import { formatClaim } from '../format-claim.ts';
import type { FuehrungszeugnisMessages } from '../i18n/messages.ts';
import { cardClaims, type CardClaim, type VerifiedPerson, type VerifiedValue } from '../verified-person.ts';

interface Frame {
  readonly page: PageContext;
  readonly t: FuehrungszeugnisMessages['data'];
}

const Lines = ({ lines }: { lines: readonly string[] }) => (
  <>
    {lines.map((line, index) => (
      <>
        {index === 0 ? null : <br />}
        {line}
      </>
    ))}
  </>
);

const Source = ({ found, page, t }: Frame & { found: VerifiedValue }) => (
  <>
    <Badge tone="success" icon="check">
      {page.common.source.card}
    </Badge>{' '}
    <span class="bid-muted">
      {found.readAt === undefined
        ? page.common.level.badge[found.level]
        : t.read({ level: page.common.level.badge[found.level], date: formatDate(page.locale, found.readAt) })}
    </span>
  </>
);

const CardData = ({ person, page, t }: Frame & { person: VerifiedPerson }) => (
  <Card id="ausweisdaten" heading={t.heading}>
    <DataList
      items={cardClaims.flatMap((claim) => {
        const found = person[claim];
        if (found === undefined) return [];
        const value = <Lines lines={formatClaim(page.locale, claim, found.value)} />;
        return [{ label: t.labels[claim], value, note: <Source found={found} page={page} t={t} /> }];
      })}
    />
  </Card>
);

const Missing = ({ claims, t }: { claims: readonly CardClaim[]; t: Frame['t'] }) =>
  claims.length === 0 ? null : (
    <Alert tone="info" title={t.missing.heading}>
      <ul class="bid-plainlist">
        {claims.map((claim) => (
          <li key={claim}>{t.missing[claim]}</li>
        ))}
      </ul>
    </Alert>
  );

export interface DataView {
  readonly person: VerifiedPerson;
  readonly portal: string;
}

/** The card's data, read-only, each with source, level and day; what the card lacks; and how far this installation goes. */
export const dataPage = (view: DataView, page: PageContext, messages: FuehrungszeugnisMessages): VNode => {
  const t = messages.data;
  const missing = cardClaims.filter((claim) => view.person[claim] === undefined);
  const nothing = missing.length === cardClaims.length;
  return (
    <Layout page={page} title={t.title}>
      {nothing ? (
        <Alert tone="warning" title={t.nothing.title}>
          <p class="kern-body">{t.nothing.text}</p>
        </Alert>
      ) : (
        <>
          <p class="kern-body bid-lead">{t.lead}</p>
          <CardData person={view.person} page={page} t={t} />
          <Missing claims={missing} t={t} />
        </>
      )}
      <p class="kern-body">{t.expiry}</p>
      <Card id="weiter" heading={t.next.heading}>
        <Alert tone="info" title={t.next.endsTitle}>
          <p class="kern-body">{t.next.ends}</p>
        </Alert>
        <Steps items={t.next.steps} />
        <Actions>
          <ButtonLink href="/fuehrungszeugnis" weight="secondary">
            {t.toStart}
          </ButtonLink>
          <ButtonLink href={view.portal} weight="tertiary">
            {messages.toPortal}
          </ButtonLink>
        </Actions>
      </Card>
    </Layout>
  );
};
