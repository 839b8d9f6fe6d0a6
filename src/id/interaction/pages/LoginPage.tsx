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
  PasswordField,
  TextLink,
} from '../../../web/components/index.ts';
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
            <TextLink href="/hilfe/online-ausweis">{t.whatIsEid}</TextLink>
          </li>
        </ul>
      </div>
    </Card>
  );
};

/** Which of the two was wrong is nobody's business, so a wrong pair is told at the second field. */
const fieldInError = (props: Pick<LoginView, 'error' | 'login'>): 'login' | 'password' =>
  props.error === 'empty' && (props.login ?? '') === '' ? 'login' : 'password';

const PasswordForm = (props: Props & { entry: Method }) => {
  const { t, page, error } = props;
  const words = t.login.password;
  const wrong = error === undefined ? undefined : fieldInError(props);
  const message = (field: string) => (error === undefined || wrong !== field ? {} : { error: t.login.error[error] });
  return (
    <form class="bid-form bid-push" method="post" action={`${props.base}/passwort`}>
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

const PasswordCard = (props: Props & { entry: Method }) => {
  const { t, page, entry, service } = props;
  const words = t.login.password;
  const enough = entry.reach !== 'tooWeak';
  return (
    <Card
      id="passwort"
      heading={words.heading}
      badge={
        <>
          {enough ? <Badge tone="info">{words.badge}</Badge> : <Badge tone="warning">{words.tooWeakBadge}</Badge>}
          {entry.lastUsed ? <Badge tone="info">{t.login.lastUsed}</Badge> : null}
        </>
      }
    >
      {enough ? (
        <>
          <p class="kern-body">
            {words.reach}
            {entry.reach === 'maybe' ? ` ${words.maybe}` : ''}
          </p>
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

/** After an error the method just used comes first, else the one used last; one that cannot suffice comes behind. */
const inOrder = (methods: readonly Method[], failed: boolean): readonly Method[] => {
  const weight = (entry: Method): number => {
    if (entry.reach === 'tooWeak') return -1;
    return Number(failed ? entry.method === 'password' : entry.lastUsed);
  };
  return methods.toSorted((a, b) => weight(b) - weight(a));
};

export const LoginPage = (props: Props) => {
  const { t, page, error, reason } = props;
  const summary =
    error === undefined
      ? undefined
      : error === 'credentials'
        ? [{ message: t.login.error.credentials, field: fieldInError(props) }, { message: t.login.errorNote }]
        : [{ message: t.login.error.empty, field: fieldInError(props) }];
  return (
    <Layout
      page={page}
      title={t.login.title}
      error={error !== undefined}
      returnTo={props.base}
      wide
      summary={summary === undefined ? undefined : <ErrorSummary title={t.login.errorTitle} errors={summary} />}
      service={<Service {...props} login />}
    >
      {reason === undefined ? null : (
        <Alert tone="info" title={t.login[reason].title}>
          <p class="kern-body">{t.login[reason].text}</p>
        </Alert>
      )}
      <CardRow>
        {inOrder(props.methods, error !== undefined).map((entry) =>
          entry.method === 'eid' ? (
            <EidCard key="eid" {...props} entry={entry} />
          ) : (
            <PasswordCard key="password" {...props} entry={entry} />
          ),
        )}
      </CardRow>
      <LevelExplanation page={page} />
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
