import type { VNode } from 'preact';
import { Actions, Alert, Badge, Button, ButtonLink, Card, DataList } from '../../../web/components/index.ts';
import { formatDate } from '../../../web/i18n/format.ts';
import type { PageContext } from '../../../web/page-context.ts';
import { formatClaim } from '../format-claim.ts';
import type { FieldErrors } from '../application/forms.ts';
import { fieldsToType, type Obstacle } from '../application/rules.ts';
import { paths, stepPath } from '../citizen/paths.ts';
import type { FuehrungszeugnisMessages } from '../i18n/messages.ts';
import { cardClaims, type CardClaim, type VerifiedPerson, type VerifiedValue } from '../verified-person.ts';
import { Lines } from './facts.tsx';
import { Csrf, messagesOf, refusalOf, StepLayout, type Frame } from './frame.tsx';
import { TypedFields } from './typed-fields.tsx';

interface Words {
  readonly page: PageContext;
  readonly t: FuehrungszeugnisMessages['data'];
}

const Source = ({ found, page, t }: Words & { found: VerifiedValue }) => (
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

const CardData = ({ person, page, t }: Words & { person: VerifiedPerson }) => (
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

const Missing = ({ claims, t }: { claims: readonly CardClaim[]; t: Words['t'] }) =>
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
  /** As the card says now. */
  readonly person: VerifiedPerson;
  readonly given: Readonly<Record<string, string>>;
  /** `given` was typed before a stronger login was asked for. */
  readonly kept?: boolean | undefined;
  readonly errors?: FieldErrors;
  /** Nobody can apply with these data. */
  readonly obstacle?: Obstacle;
  /** The card says something else than when this application was begun. */
  readonly changed?: boolean;
}

/** The card's data, read-only, each with source, level and day; and fields for what the card lacks. */
export const dataPage = (view: DataView, frame: Frame): VNode => {
  const { page } = frame;
  const t = frame.t.data;
  const { person, obstacle, errors = {} } = view;
  const missing = cardClaims.filter((claim) => person[claim] === undefined);
  const nothing = missing.length === cardClaims.length;
  const messages = messagesOf(frame, errors, frame.t.typed.labels);
  const fields = fieldsToType(person);
  return (
    <StepLayout frame={frame} title={t.title} kept={view.kept} {...refusalOf(frame, messages)}>
      {view.changed === true ? (
        <Alert tone="warning" title={frame.t.changed.title}>
          <p class="kern-body">{frame.t.changed.text}</p>
        </Alert>
      ) : null}
      {nothing ? (
        <Alert tone="warning" title={t.nothing.title}>
          <p class="kern-body">{t.nothing.text}</p>
        </Alert>
      ) : (
        <>
          <p class="kern-body bid-lead">{t.lead}</p>
          <CardData person={person} page={page} t={t} />
          <Missing claims={missing} t={t} />
        </>
      )}
      <p class="kern-body">{t.expiry}</p>
      {obstacle === undefined ? (
        <form class="bid-form" method="post" action={stepPath('daten')}>
          <Csrf frame={frame} />
          <Card id="ergaenzen" heading={frame.t.typed.heading}>
            {fields.needed.length === 0 ? null : <p class="kern-body">{frame.t.typed.lead}</p>}
            <TypedFields frame={frame} person={person} given={view.given} messages={messages} />
            <Actions>
              <Button>{frame.t.next}</Button>
            </Actions>
          </Card>
        </form>
      ) : (
        <>
          <Alert tone="danger" title={frame.t.obstacles.title}>
            <p class="kern-body">{frame.t.obstacles[obstacle]}</p>
          </Alert>
          <Actions>
            <ButtonLink href={paths.start} weight="secondary">
              {t.toStart}
            </ButtonLink>
            <ButtonLink href={frame.portal} weight="tertiary">
              {frame.t.toPortal}
            </ButtonLink>
          </Actions>
        </>
      )}
    </StepLayout>
  );
};
