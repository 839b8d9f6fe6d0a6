import {
  Alert,
  Badge,
  Button,
  Card,
  CardRow,
  Checklist,
  ConfirmForm,
  ErrorSummary,
  Field,
  Layout,
  LevelBadge,
  LevelExplanation,
  PasskeyForm,
  PasswordField,
  TextLink,
} from '../../../web/components/index.ts';
import { withReturn } from '../../../web/safe-path.ts';
import type { LoginView } from '../views.ts';
import { Back, Service, type Frame } from './frame.tsx';
import { TestPersons } from './TestPersons.tsx';

type Method = LoginView['methods'][number];
type Props = LoginView & Frame;

const EidCard = (props: Props & { entry: Method }) => {
  const { t, page, entry } = props;
  return (
    <Card
      id="online-ausweis"
      heading={t.login.eid.heading}
      badge={
        <>
          <LevelBadge page={page} level="high" />
          {entry.lastUsed ? <Badge tone="info">{t.login.lastUsed}</Badge> : null}
        </>
      }
    >
      <p class="kern-body">{t.login.eid.text}</p>
      {props.reason === 'join' ? null : <p class="kern-body">{t.login.eid.noAccount}</p>}
      <p class="kern-body">{t.login.eid.need}</p>
      <Checklist items={t.login.eid.needs} />
      <div class="bid-push">
        <ConfirmForm
          action={`${props.base}/eid`}
          csrf={props.csrf}
          label={t.login.eid.button}
          icon="arrow-forward"
          block
        />
        <ul class="bid-links">
          <li>
            <TextLink href={withReturn('/hilfe/online-ausweis', page.path)}>{t.whatIsEid}</TextLink>
          </li>
        </ul>
      </div>
    </Card>
  );
};

/** Which of the two was wrong is nobody's business, so a wrong pair is told at the second field. */
const fieldInError = (props: Pick<LoginView, 'error' | 'login'>): 'login' | 'password' | 'transfercode' => {
  if (props.error === 'transferCode') return 'transfercode';
  return props.error === 'empty' && (props.login ?? '') === '' ? 'login' : 'password';
};

/** Whoever adds a card has just used it, and cannot be told to log in by it instead. */
const messageOf = ({ t, reason }: Props, error: NonNullable<LoginView['error']>): string =>
  t.login.error[error === 'credentials' && reason === 'linkExisting' ? 'credentialsBesideCard' : error];

const PasswordForm = (props: Props & { entry: Method }) => {
  const { t, page, error } = props;
  const words = t.login.password;
  const wrong = error === undefined || error === 'passkey' ? undefined : fieldInError(props);
  const message = (field: string) => (error === undefined || wrong !== field ? {} : { error: messageOf(props, error) });
  return (
    <form class="bid-form" method="post" action={`${props.base}/passwort`}>
      <input type="hidden" name="csrf" value={props.csrf} />
      <Field
        page={page}
        name="login"
        label={words.login}
        autocomplete="username webauthn"
        verbatim
        {...message('login')}
        {...(props.login === undefined ? {} : { value: props.login })}
      />
      <PasswordField
        page={page}
        name="password"
        label={words.password}
        autocomplete="current-password"
        {...message('password')}
      />
      <Button block>{words.button}</Button>
    </form>
  );
};

/** For whoever has nothing but a new card: the code that was made with the old one. */
const TransferCode = (props: Props) => {
  const { t, page, error } = props;
  const words = t.login.transfer;
  return (
    <details class="bid-details" open={error === 'transferCode'}>
      <summary>{words.summary}</summary>
      <div class="bid-details__body">
        <p class="kern-body">{words.text}</p>
        <form class="bid-form" method="post" action={`${props.base}/transfercode`}>
          <input type="hidden" name="csrf" value={props.csrf} />
          <Field
            page={page}
            name="transfercode"
            label={words.label}
            hint={words.hint}
            autocomplete="off"
            verbatim
            {...(error === 'transferCode' ? { error: messageOf(props, error) } : {})}
          />
          <Button weight="secondary">{words.button}</Button>
        </form>
      </div>
    </details>
  );
};

/** How far a password leads, as far as that is worth a word here. */
const PasswordBadges = ({ t, entry }: Props & { entry: Method }) => {
  const words = t.login.password;
  if (entry.reach === 'tooWeak') return <Badge tone="warning">{words.tooWeakBadge}</Badge>;
  return (
    <>
      {entry.reach === 'maybe' ? <Badge tone="info">{words.badge}</Badge> : null}
      {entry.lastUsed ? <Badge tone="info">{t.login.lastUsed}</Badge> : null}
    </>
  );
};

const PasswordCard = (props: Props & { entry: Method }) => {
  const { t, page, entry, service, reason } = props;
  const words = t.login.password;
  return (
    <Card
      id="passwort"
      heading={words.heading}
      {...(entry.reach === 'enough' && !entry.lastUsed ? {} : { badge: <PasswordBadges {...props} /> })}
    >
      {entry.reach !== 'tooWeak' ? (
        <>
          {entry.reach === 'maybe' ? <p class="kern-body">{words.maybe}</p> : null}
          {entry.reach === 'enough' && reason !== 'linkExisting' && reason !== 'join' ? (
            <p class="kern-body">{words.enough({ service: service.name })}</p>
          ) : null}
          <PasswordForm {...props} />
          {props.forgotHref === undefined ? null : (
            <ul class="bid-links">
              <li>
                <TextLink href={props.forgotHref}>{words.forgot}</TextLink>
              </li>
            </ul>
          )}
        </>
      ) : (
        <>
          <p class="kern-body">
            {words.tooWeak({ service: service.name, level: page.common.level.name[service.wanted] })}
          </p>
          <p class="kern-body">{words.tooWeakRemedy}</p>
        </>
      )}
    </Card>
  );
};

/** Hidden until the script has found that this browser can do it. */
const PasskeyCard = (props: Props & { request: NonNullable<LoginView['passkey']> }) => {
  const { t, request } = props;
  const entry = props.methods.find(({ method }) => method === 'passkey');
  const badge = entry?.lastUsed === true ? <Badge tone="info">{t.login.lastUsed}</Badge> : undefined;
  return (
    <div data-passkey-box hidden>
      <Card id="passkey" heading={t.login.passkey.heading} {...(badge === undefined ? {} : { badge })}>
        <p class="kern-body">{t.login.passkey.text}</p>
        <PasskeyForm
          action={`${props.base}/passkey`}
          csrf={props.csrf}
          ceremony={{ kind: 'get', options: request }}
          label={t.login.passkey.button}
          weight="secondary"
          autofill
          failed={t.passkey.failed}
        />
      </Card>
    </div>
  );
};

/** After an error the method just used comes first, else the one used last; one that cannot suffice comes behind. */
const inOrder = (methods: readonly Method[], failed: boolean): readonly Method[] => {
  const weight = (entry: Method): number => {
    if (entry.reach === 'tooWeak') return -1;
    return Number(failed ? entry.method === 'password' : entry.lastUsed);
  };
  return methods.filter(({ method }) => method !== 'passkey').toSorted((a, b) => weight(b) - weight(a));
};

export const LoginPage = (props: Props) => {
  const { t, page, error, reason } = props;
  const summary = error && [
    { message: messageOf(props, error), ...(error === 'passkey' ? {} : { field: fieldInError(props) }) },
  ];
  const passkey = props.passkey && <PasskeyCard {...props} request={props.passkey} />;
  const passkeyFirst =
    error === 'passkey' || props.methods.some(({ method, lastUsed }) => method === 'passkey' && lastUsed);
  return (
    <Layout
      page={page}
      title={reason === 'join' ? t.login.join.title : t.login.title}
      error={error !== undefined}
      wide
      summary={summary === undefined ? undefined : <ErrorSummary title={t.login.errorTitle} errors={summary} />}
      service={reason === 'join' ? undefined : <Service {...props} login />}
    >
      {reason === 'join' ? <p class="bid-lead">{t.login.join.text}</p> : null}
      {reason === undefined || reason === 'join' ? null : (
        <Alert tone="info" title={t.login[reason].title}>
          <p class="kern-body">{t.login[reason].text}</p>
        </Alert>
      )}
      {props.off.map((method) => (
        <Alert key={method} tone="warning" title={t.off[method].title}>
          <p class="kern-body">{t.off[method].text}</p>
        </Alert>
      ))}
      <LevelExplanation page={page} />
      {passkeyFirst ? passkey : null}
      <CardRow>
        {inOrder(props.methods, error === 'credentials' || error === 'empty').map((entry) =>
          entry.method === 'eid' ? (
            <EidCard key="eid" {...props} entry={entry} />
          ) : (
            <PasswordCard key="password" {...props} entry={entry} />
          ),
        )}
      </CardRow>
      {passkeyFirst ? null : passkey}
      {reason === 'linkExisting' ? <TransferCode {...props} /> : null}
      {props.registerHref === undefined ? null : (
        <p class="kern-body bid-back">
          {t.login.noAccount} <TextLink href={props.registerHref}>{t.login.register}</TextLink>
        </p>
      )}
      <div class="bid-back">
        <Back {...props} />
      </div>
      {props.testPersons === undefined || props.testPersons.length === 0 ? null : (
        <TestPersons {...props} persons={props.testPersons} />
      )}
    </Layout>
  );
};
