import type { Means } from '../../../../assurance/evidence.ts';
import {
  Actions,
  Badge,
  Button,
  ButtonLink,
  Card,
  Checkbox,
  DataList,
  ErrorSummary,
  TextLink,
} from '../../../../web/components/index.ts';
import { formatDate, formatList, formatTime } from '../../../../web/i18n/format.ts';
import { joinPath } from '../../../interaction/join-tickets.ts';
import { KontoLayout } from '../konto-frame.tsx';
import type { ServiceRow } from '../ServicesPage.tsx';
import { claimNames } from '../words.ts';
import { Account, type AccountView, type Frame } from './frame.tsx';

/** A service of the account that ends. Times in ms since the epoch. */
export interface EndingService extends Omit<ServiceRow, 'state'> {
  /**
   * It keeps the subject, which passes over; it knows both accounts, and this one's is void; the same, but letters move along; it
   * is no client any more.
   */
  readonly effect: 'goesOn' | 'replaced' | 'lettersMove' | 'gone';
  /** Addresses from the service's file. */
  readonly site?: string;
  readonly privacy?: string;
}

export interface ReviewView {
  readonly csrf: string;
  /** Where the form goes: the proof's own address. */
  readonly action: string;
  /** ms since the epoch. */
  readonly validUntil: number;
  readonly closed: AccountView;
  readonly kept: AccountView;
  readonly services: readonly EndingService[];
  /** Names of the services that know the account that stays. */
  readonly keptServices: readonly string[];
  /** What becomes of the card of the account that ends. */
  readonly card?: 'moves' | 'free' | 'notShown';
  /** What it confirms in the account that stays. */
  readonly confirms: readonly Means[];
  readonly dropped: {
    readonly password: boolean;
    readonly passkeys: number;
    readonly app: boolean;
    readonly loginName?: string;
    readonly email?: string;
    readonly emailMissing: boolean;
  };
  readonly error: boolean;
}

type Props = ReviewView & Frame;

const tones = { goesOn: 'success', replaced: 'warning', lettersMove: 'success', gone: 'info' } as const;

const Service = ({ t, page, service }: Frame & { service: EndingService }) => {
  const words = t.review;
  const { site, privacy, name } = service;
  const [first, last] = [formatDate(page.locale, service.since), formatDate(page.locale, service.last)];
  const received =
    service.received.length === 0 ? words.nothing : formatList(page.locale, claimNames(page.locale, service.received));
  return (
    <div class="bid-ending" id={`dienst-${service.clientId}`}>
      <h3 class="kern-heading-small bid-h3">{name}</h3>
      <Badge tone={tones[service.effect]}>{words.effect[service.effect]}</Badge>
      {service.host === undefined ? null : <p class="bid-service__host">{service.host}</p>}
      <DataList
        items={[
          { label: words.received, value: received },
          { label: words.period, value: words.between({ first, last }) },
        ]}
      />
      <p class="kern-body">{words.effectText[service.effect]}</p>
      {service.effect !== 'replaced' || (site === undefined && privacy === undefined) ? null : (
        <ul class="bid-links">
          {site === undefined ? null : (
            <li>
              <TextLink href={site}>{words.site({ service: name })}</TextLink>
            </li>
          )}
          {privacy === undefined ? null : (
            <li>
              <TextLink href={privacy}>{words.privacy({ service: name })}</TextLink>
            </li>
          )}
        </ul>
      )}
    </div>
  );
};

const Means = ({ t, page, card, confirms, dropped }: Props) => {
  const words = t.review;
  const names = [...new Set(confirms.map((means) => words.means[means]))];
  const { loginName, email } = dropped;
  const lines = [
    ...(card === undefined ? [] : [words.card[card]]),
    ...(names.length === 0 ? [] : [words.confirms({ means: formatList(page.locale, names) })]),
    ...(dropped.password ? [words.dropped.password] : []),
    ...(dropped.app ? [words.dropped.app] : []),
    ...(dropped.passkeys === 0 ? [] : [words.dropped.passkeys({ count: dropped.passkeys })]),
    ...(loginName === undefined ? [] : [words.dropped.loginName({ name: loginName })]),
    ...(email === undefined ? [] : [words.dropped.email({ email })]),
    ...(dropped.emailMissing ? [words.dropped.emailMissing] : []),
  ];
  return (
    <Card id="anmeldemethoden" heading={words.meansTitle}>
      <ul class="bid-list">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Card>
  );
};

/** All that joining does, the services of the account that ends first; nothing has happened yet. */
export const ReviewPage = (props: Props) => {
  const { t, page, error } = props;
  const words = t.review;
  return (
    <KontoLayout
      page={page}
      at="means"
      below
      title={words.title}
      error={error}
      summary={
        error ? (
          <ErrorSummary title={page.common.errorSummary} errors={[{ message: words.agreeError, field: 'agree' }]} />
        ) : undefined
      }
    >
      <p class="bid-lead">{words.lead}</p>
      <Account t={t} page={page} id="endet" heading={words.ends} account={props.closed} />
      <Card id="dienste" heading={words.servicesTitle}>
        {props.services.map((service) => (
          <Service key={service.clientId} t={t} page={page} service={service} />
        ))}
        {props.services.length === 0 ? <p class="kern-body">{words.noServices}</p> : null}
      </Card>
      <Means {...props} />
      <Account t={t} page={page} id="bleibt" heading={words.stays} account={props.kept}>
        {props.keptServices.length === 0 ? null : (
          <>
            <p class="kern-body bid-after">{words.keptServices}</p>
            <ul class="bid-list">
              {props.keptServices.map((service) => (
                <li key={service}>{service}</li>
              ))}
            </ul>
          </>
        )}
      </Account>
      <Card id="ausserdem" heading={words.alsoTitle}>
        <ul class="bid-list">
          {words.also.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <p class="kern-body bid-after">{words.until({ time: formatTime(page.locale, props.validUntil) })}</p>
        <form class="bid-form" method="post" action={props.action}>
          <input type="hidden" name="csrf" value={props.csrf} />
          <Checkbox name="agree" label={words.agree} checked={false} {...(error ? { error: words.agreeError } : {})} />
          <Actions>
            <Button>{words.button}</Button>
            <ButtonLink href={joinPath} weight="secondary">
              {t.cancel}
            </ButtonLink>
          </Actions>
        </form>
      </Card>
    </KontoLayout>
  );
};
