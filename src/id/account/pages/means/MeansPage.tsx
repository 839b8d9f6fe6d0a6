import {
  Alert,
  ButtonLink,
  Card,
  DataList,
  LevelBadge,
  LevelExplanation,
  TextLink,
} from '../../../../web/components/index.ts';
import { formatDate, formatDateTime } from '../../../../web/i18n/format.ts';
import { joinPath } from '../../../interaction/join-tickets.ts';
import type { MeansList, PasskeyEntry } from '../../means-list.ts';
import { otherPaths } from '../../paths.ts';
import { KontoLayout } from '../konto-frame.tsx';
import type { Frame } from './frame.ts';

/** What was just done, as the address of the page that tells it says. */
export const doneNames = [
  'passkey-hinzugefuegt',
  'passkey-umbenannt',
  'passkey-entfernt',
  'app-hinzugefuegt',
  'app-entfernt',
] as const;
export type Done = (typeof doneNames)[number];

export interface MeansView extends MeansList {
  readonly done?: Done;
}

type Props = MeansView & Frame;

/** So few that a new set is due. */
const fewCodes = 3;

const Names = ({ t, email, loginName }: Props) => (
  <Card id="namen" heading={t.names.heading}>
    <DataList
      items={[
        { label: t.names.email, value: email ?? <span class="bid-muted">{t.names.none}</span> },
        { label: t.names.loginName, value: loginName ?? <span class="bid-muted">{t.names.none}</span> },
      ]}
    />
    <ul class="bid-links">
      <li>
        <TextLink href={otherPaths.email}>{email === undefined ? t.names.addEmail : t.names.changeEmail}</TextLink>
      </li>
      <li>
        <TextLink href={otherPaths.loginName}>
          {loginName === undefined ? t.names.addLoginName : t.names.changeLoginName}
        </TextLink>
      </li>
    </ul>
  </Card>
);

const Password = ({ t, page, password, app }: Props) => (
  <Card
    id="passwort"
    heading={t.password.heading}
    {...(password ? { badge: <LevelBadge page={page} level={password.level} /> } : {})}
  >
    <p class="kern-body">
      {password ? t.password.since({ date: formatDate(page.locale, password.changedAt) }) : t.password.none}
    </p>
    {password && app ? <p class="kern-body">{t.password.withApp}</p> : null}
    <ul class="bid-links">
      <li>
        <TextLink href="/konto/zugaenge/passwort">{password ? t.password.change : t.password.set}</TextLink>
      </li>
    </ul>
  </Card>
);

const Passkey = ({ t, page, entry }: Frame & { entry: PasskeyEntry }) => (
  <li class="bid-means">
    <div class="bid-means__head">
      <h3 class="kern-title bid-means__name">{entry.name}</h3>
      <LevelBadge page={page} level={entry.level} />
    </div>
    <p class="kern-body">
      {t.passkey.kind[entry.synced ? 'synced' : 'bound']}{' '}
      {t.passkey.since({ date: formatDate(page.locale, entry.createdAt) })}{' '}
      {entry.usedAt === undefined
        ? t.passkey.neverUsed
        : t.passkey.used({ time: formatDateTime(page.locale, entry.usedAt) })}
    </p>
    <TextLink href={`/konto/zugaenge/passkey/${entry.id}`}>{t.passkey.manage({ name: entry.name })}</TextLink>
  </li>
);

const Passkeys = (props: Props) => {
  const { t, passkeys } = props;
  return (
    <Card id="passkeys" heading={t.passkey.heading}>
      <p class="kern-body">{t.passkey.what}</p>
      {passkeys.length === 0 ? null : (
        <ul class="bid-plainlist">
          {passkeys.map((entry) => (
            <Passkey key={entry.id} t={t} page={props.page} entry={entry} />
          ))}
        </ul>
      )}
      <ButtonLink href="/konto/zugaenge/passkey" weight="secondary">
        {t.passkey.add}
      </ButtonLink>
    </Card>
  );
};

const App = ({ t, page, app, codes, password }: Props) => (
  <Card id="app" heading={t.app.heading}>
    <p class="kern-body">{app ? t.app.since({ date: formatDate(page.locale, app.createdAt) }) : t.app.none}</p>
    {app?.usedAt === undefined ? null : (
      <p class="kern-body">{t.app.used({ time: formatDateTime(page.locale, app.usedAt) })}</p>
    )}
    {app && (codes?.left ?? 0) < fewCodes ? (
      <Alert tone="warning" title={t.codes.few.title({ left: codes?.left ?? 0 })}>
        <p class="kern-body">{t.codes.few.text}</p>
      </Alert>
    ) : null}
    {app && codes && codes.left >= fewCodes ? <p class="kern-body">{t.codes.left({ left: codes.left })}</p> : null}
    <ul class="bid-links">
      <li>
        <TextLink href="/konto/zugaenge/app">{app ? t.app.manage : password ? t.app.add : t.app.more}</TextLink>
      </li>
      {app ? (
        <li>
          <TextLink href="/konto/zugaenge/codes">{t.codes.make}</TextLink>
        </li>
      ) : null}
    </ul>
  </Card>
);

const IdCard = ({ t, page, card }: Props) => (
  <Card
    id="ausweis"
    heading={t.card.heading}
    {...(card ? { badge: <LevelBadge page={page} level={card.level} /> } : {})}
  >
    {card ? (
      <DataList
        items={[
          { label: t.card.linked, value: formatDate(page.locale, card.linkedAt) },
          ...(card.validUntil === undefined
            ? []
            : [{ label: t.card.valid, value: formatDate(page.locale, card.validUntil) }]),
        ]}
      />
    ) : (
      <p class="kern-body">{t.card.none}</p>
    )}
    <ul class="bid-links">
      <li>
        <TextLink href="/konto/zugaenge/ausweis">{card ? t.card.manage : t.card.add}</TextLink>
      </li>
    </ul>
  </Card>
);

export const MeansPage = (props: Props) => {
  const { t, page, done } = props;
  return (
    <KontoLayout page={page} at="means" title={t.title}>
      {done === undefined ? null : <Alert tone="success" title={t.done[done]} announce />}
      <p class="bid-lead">{t.lead}</p>
      <LevelExplanation page={page} />
      <Names {...props} />
      <Password {...props} />
      <App {...props} />
      <Passkeys {...props} />
      <IdCard {...props} />
      <Card id="zweites-konto" heading={t.join.heading}>
        <p class="kern-body">{t.join.text}</p>
        <ul class="bid-links">
          <li>
            <TextLink href={joinPath}>{t.join.link}</TextLink>
          </li>
        </ul>
      </Card>
    </KontoLayout>
  );
};
