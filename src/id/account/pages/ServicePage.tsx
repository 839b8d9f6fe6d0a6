import { Alert, Card, ConfirmForm, DataList, TextLink } from '../../../web/components/index.ts';
import { formatDate, formatDateTime, formatList } from '../../../web/i18n/format.ts';
import { KontoLayout, type KontoFrame } from './konto-frame.tsx';
import { ConsentBadge, servicePath, type ConsentState } from './ServicesPage.tsx';
import { claimNames } from './words.ts';

/** Times are ms since the epoch; claims as a consent names them. */
export interface ServiceDetailsView {
  readonly clientId: string;
  readonly name: string;
  readonly host?: string;
  readonly state?: ConsentState;
  readonly legalBasis?: string;
  readonly consent?: {
    readonly at: number;
    readonly claims: readonly string[];
    readonly refused: readonly string[];
    /** Names of what it may do at others. */
    readonly access: readonly string[];
  };
  /** The service's authority can write to the mailbox, since this service was given the handle. */
  readonly mailbox?: {
    readonly authority: string;
    readonly since: number;
    /** Other services by which it could still do so. */
    readonly others: readonly string[];
  };
  /** There is something to withdraw. */
  readonly withdrawable: boolean;
  readonly past: readonly { readonly from: number; readonly to: number; readonly claims: readonly string[] }[];
  readonly releases: readonly { readonly at: number; readonly claims: readonly string[] }[];
  /** Where older releases are. */
  readonly older?: string;
  readonly csrf: string;
  readonly withdrawn: boolean;
}

type Props = ServiceDetailsView & KontoFrame;

const names = ({ t, page }: KontoFrame, claims: readonly string[]): string => {
  const list = claimNames(page.locale, claims);
  return list.length === 0 ? t.services.nothing : formatList(page.locale, list);
};

const ConsentCard = (props: Props & { consent: NonNullable<ServiceDetailsView['consent']> }) => {
  const { t, page, consent } = props;
  const words = t.services;
  return (
    <Card id="zustimmung" heading={words.consentTitle}>
      <DataList
        items={[
          { label: words.consentSince, value: formatDateTime(page.locale, consent.at) },
          { label: words.consentData, value: names(props, consent.claims) },
          ...(consent.refused.length === 0 ? [] : [{ label: words.refused, value: names(props, consent.refused) }]),
          ...(consent.access.length === 0
            ? []
            : [{ label: words.access, value: formatList(page.locale, consent.access) }]),
        ]}
      />
    </Card>
  );
};

const MailboxCard = (props: Props & { mailbox: NonNullable<ServiceDetailsView['mailbox']> }) => {
  const { t, page, mailbox } = props;
  return (
    <Card id="postfach" heading={t.services.postfachTitle}>
      <p class="kern-body">
        {t.services.postfach({ authority: mailbox.authority, since: formatDate(page.locale, mailbox.since) })}
      </p>
    </Card>
  );
};

const consequencesOf = ({ t, page, mailbox }: Props): readonly string[] => {
  const words = t.services;
  if (mailbox === undefined) return words.consequences;
  const { authority, others } = mailbox;
  const services = formatList(page.locale, others);
  return [
    ...words.consequences,
    others.length === 0 ? words.postfachEnds({ authority }) : words.postfachStays({ authority, services }),
  ];
};

export const ServicePage = (props: Props) => {
  const { t, page, consent } = props;
  const words = t.services;
  return (
    <KontoLayout page={page} at="services" below title={props.name}>
      <div class="bid-service">
        <p class="bid-service__text">
          <span class="bid-service__host">{props.host ?? words.gone}</span>
        </p>
        {props.state === undefined ? null : <ConsentBadge t={t} state={props.state} />}
      </div>
      {props.withdrawn ? <Alert tone="success" title={words.withdrawn} announce /> : null}
      {props.legalBasis === undefined ? null : <p class="kern-body">{words.byLaw({ basis: props.legalBasis })}</p>}
      {consent === undefined ? null : <ConsentCard {...props} consent={consent} />}
      {props.mailbox === undefined ? null : <MailboxCard {...props} mailbox={props.mailbox} />}
      <Card id="bekommen" heading={words.releasesTitle}>
        {props.releases.length === 0 ? (
          <p class="kern-body">{words.releasesNone}</p>
        ) : (
          <DataList
            items={props.releases.map(({ at, claims }) => ({
              label: formatDateTime(page.locale, at),
              value: names(props, claims),
            }))}
          />
        )}
        {props.older === undefined ? null : <TextLink href={props.older}>{t.activities.older}</TextLink>}
      </Card>
      {props.past.length === 0 ? null : (
        <Card id="frueher" heading={words.pastTitle}>
          <DataList
            items={props.past.map(({ from, to, claims }) => ({
              label: words.past({ from: formatDateTime(page.locale, from), to: formatDateTime(page.locale, to) }),
              value: names(props, claims),
            }))}
          />
        </Card>
      )}
      {!props.withdrawable ? null : (
        <Card id="widerrufen" heading={words.withdrawTitle}>
          <ul class="bid-list">
            {consequencesOf(props).map((consequence) => (
              <li key={consequence}>{consequence}</li>
            ))}
          </ul>
          <ConfirmForm
            action={`${servicePath(props.clientId)}/widerrufen`}
            csrf={props.csrf}
            label={words.withdraw}
            weight="secondary"
          />
        </Card>
      )}
    </KontoLayout>
  );
};
