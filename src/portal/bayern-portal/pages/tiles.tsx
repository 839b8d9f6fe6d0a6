import type { ComponentChildren } from 'preact';
import type { Level } from '../../../assurance/levels.ts';
import { Badge, ButtonLink, Card, LevelBadge, TextLink, type IconName } from '../../../web/components/index.ts';
import { withReturn } from '../../../web/safe-path.ts';
import { formatDate, formatDateTime, formatMoney } from '../../../web/i18n/format.ts';
import type { Overview, Told } from '../overview/overview.ts';
import type { applicationStates } from '../overview/sources.ts';
import type { Frame } from './frame.ts';

export interface PersonView {
  readonly name: string;
  /** What is left now. */
  readonly level: Level;
  readonly overview: Overview;
}

type State = (typeof applicationStates)[number];

const signs: Readonly<Record<State, { tone: 'info' | 'success' | 'warning'; icon: IconName }>> = {
  INITIATED: { tone: 'info', icon: 'draft' },
  SUBMITTED: { tone: 'info', icon: 'mail' },
  RECEIVED: { tone: 'info', icon: 'info' },
  PROCESSING: { tone: 'info', icon: 'info' },
  ACTION_REQUIRED: { tone: 'warning', icon: 'warning' },
  COMPLETED: { tone: 'success', icon: 'success' },
};

/** Applications or payments in a tile. */
const mostLines = 3;

/** What a module told, or plainly that it did not. */
const Tile = <Data,>(props: {
  frame: Frame;
  id: string;
  heading: string;
  told: Told<Data>;
  link: { readonly href: string; readonly label: string };
  children: (data: Data) => ComponentChildren;
}) => {
  const { told, frame } = props;
  const t = frame.t.overview;
  return (
    <Card id={props.id} heading={props.heading} class="bid-tile">
      {told.state === 'told' ? props.children(told.data) : null}
      {told.state === 'away' ? <p class="kern-body bid-tile__away">{t.away}</p> : null}
      {told.state === 'loginAgain' ? <p class="kern-body bid-tile__away">{t.loginAgain}</p> : null}
      <div class="bid-push">
        {told.state === 'loginAgain' ? (
          <ButtonLink href={withReturn('/login', '/')} weight="secondary">
            {t.loginAgainButton}
          </ButtonLink>
        ) : (
          <TextLink href={props.link.href}>{props.link.label}</TextLink>
        )}
      </div>
    </Card>
  );
};

const Letters = ({ frame, told, href }: { frame: Frame; told: Overview['letters']; href: string }) => {
  const words = frame.t.overview.letters;
  return (
    <Tile frame={frame} id="briefe" heading={words.heading} told={told} link={{ href, label: frame.t.postfach.open }}>
      {({ unread }) => (
        <p class="kern-body">
          {unread === 0 ? words.none : <strong class="bid-tile__number">{words.some({ count: unread })}</strong>}
        </p>
      )}
    </Tile>
  );
};

const Applications = ({ frame, told, href }: { frame: Frame; told: Overview['applications']; href: string }) => {
  const words = frame.t.overview.applications;
  const { locale } = frame.page;
  return (
    <Tile frame={frame} id="antraege" heading={words.heading} told={told} link={{ href, label: words.open }}>
      {({ applications, locked }) =>
        applications.length === 0 && locked === 0 ? (
          <p class="kern-body">{words.none}</p>
        ) : (
          <>
            {locked === 0 ? null : (
              <p class="kern-body">
                <strong>{words.locked({ count: locked })}</strong> {words.lockedText}
              </p>
            )}
            <ul class="bid-plainlist bid-tile__list">
              {applications.slice(0, mostLines).map((one) => (
                <li key={one.id}>
                  <TextLink href={one.address}>{one.service}</TextLink>
                  <span class="bid-tile__note">
                    {one.sender[locale]}, {words.since({ date: formatDate(locale, Date.parse(one.since)) })}
                  </span>
                  <Badge {...signs[one.status]}>{words.state[one.status]}</Badge>
                </li>
              ))}
            </ul>
            {applications.length > mostLines ? (
              <p class="kern-body">{words.all({ count: applications.length })}</p>
            ) : null}
          </>
        )
      }
    </Tile>
  );
};

const Payments = ({ frame, told, href }: { frame: Frame; told: Overview['payments']; href: string }) => {
  const words = frame.t.overview.payments;
  const { locale } = frame.page;
  return (
    <Tile frame={frame} id="zahlungen" heading={words.heading} told={told} link={{ href, label: words.open }}>
      {({ payments }) =>
        payments.length === 0 ? (
          <p class="kern-body">{words.none}</p>
        ) : (
          <>
            <ul class="bid-plainlist bid-tile__list">
              {payments.slice(0, mostLines).map((one) => (
                <li key={one.id}>
                  <TextLink href={one.address}>{one.service[locale]}</TextLink>
                  <span class="bid-tile__note">
                    {words.to({ amount: formatMoney(locale, Math.round(one.amount * 100)), payee: one.payee })}
                  </span>
                  {one.state === 'checking' ? (
                    <Badge tone="info" icon="info">
                      {words.checking}
                    </Badge>
                  ) : (
                    <Badge tone="warning" icon="warning">
                      {words.until({ when: formatDateTime(locale, Date.parse(one.payableUntil)) })}
                    </Badge>
                  )}
                </li>
              ))}
            </ul>
            {payments.length > mostLines ? <p class="kern-body">{words.all({ count: payments.length })}</p> : null}
          </>
        )
      }
    </Tile>
  );
};

/** Addresses of the modules behind the tiles. */
export interface ModuleAddresses {
  /** Origin of the citizen's mailbox. */
  readonly postfach: string;
  /** Origin of the Bezahlsystem. */
  readonly bezahlsystem: string;
}

/** Who is logged in, and what each module has for her. */
export const Tiles = (props: { frame: Frame; person: PersonView; modules: ModuleAddresses }) => {
  const { frame, person } = props;
  const { postfach, bezahlsystem } = props.modules;
  const t = frame.t.overview;
  return (
    <section aria-labelledby="uebersicht-titel">
      <h2 class="kern-heading-medium bid-h2" id="uebersicht-titel">
        {person.name === '' ? t.nameless : t.name({ name: person.name })}
      </h2>
      <div class="bid-tiles">
        <Letters frame={frame} told={person.overview.letters} href={`${postfach}/postfach`} />
        <Applications frame={frame} told={person.overview.applications} href={`${postfach}/vorgaenge`} />
        <Payments frame={frame} told={person.overview.payments} href={`${bezahlsystem}/meine-zahlungen`} />
        <Card id="anmeldung" heading={t.login.heading} class="bid-tile">
          <p class="kern-body">{t.login.level}</p>
          <p class="kern-body">
            <LevelBadge page={frame.page} level={person.level} />
          </p>
          <p class="kern-body">{frame.page.common.level.meaning[person.level]}</p>
          <p class="kern-body">{t.login.stepUp}</p>
        </Card>
      </div>
    </section>
  );
};
