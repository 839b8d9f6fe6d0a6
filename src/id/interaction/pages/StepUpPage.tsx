import {
  Actions,
  Alert,
  Button,
  Card,
  CardRow,
  Checklist,
  ConfirmForm,
  ErrorSummary,
  Layout,
  LevelExplanation,
  PasswordField,
  TextLink,
} from '../../../web/components/index.ts';
import { withReturn } from '../../../web/safe-path.ts';
import type { StepUpView } from '../views.ts';
import { Back, PinHelp, Service, type Frame } from './frame.tsx';
import { PasskeyWay } from './PasskeyWay.tsx';

type Props = StepUpView & Frame;

/** Means of this account, besides a card, that lead as far as is needed here. */
const OtherWays = (props: Props) => {
  const { t, page, ways, passkey, error } = props;
  const words = t.stepUp.ways;
  return (
    <Card id="andere-wege" heading={props.joining?.card === false ? t.stepUp.whatTitle : words.title}>
      {props.joining?.card === false ? (
        <p class="kern-body">
          {t.stepUp.joining} <strong>{props.account}</strong>.
        </p>
      ) : null}
      {passkey === undefined ? null : (
        <>
          <p class="kern-body">{words.passkey}</p>
          <PasskeyWay {...props} passkey={passkey} label={words.passkeyButton} weight="secondary" />
        </>
      )}
      {ways.includes('password') ? (
        <form class="bid-form" method="post" action={`${props.base}/passwort`}>
          <input type="hidden" name="csrf" value={props.csrf} />
          <PasswordField
            page={page}
            name="password"
            label={words.password}
            hint={words.passwordHint}
            autocomplete="current-password"
            {...(error === undefined || error === 'passkey' ? {} : { error: words.error[error] })}
          />
          <Button weight="secondary">{words.passwordButton}</Button>
        </form>
      ) : null}
    </Card>
  );
};

const Why = ({ t, page, reads, joining }: Props) => (
  <Card id="warum" heading={t.stepUp.whyTitle}>
    <p class="kern-body">{joining ? t.stepUp.whyOfJoining : reads === undefined ? t.stepUp.why : t.stepUp.whyData}</p>
    <LevelExplanation page={page} />
    {joining?.card === false ? null : (
      <ul class="bid-links">
        <li>
          <TextLink href={withReturn('/hilfe/online-ausweis', page.path)}>{t.whatIsEid}</TextLink>
        </li>
      </ul>
    )}
  </Card>
);

/** The card, and how far it leads. */
const ByCard = (props: Props) => {
  const { t, page, service } = props;
  const levels = page.common.level.name;
  return (
    <Card id="bereit" heading={props.ways.length > 0 ? t.stepUp.ways.card : t.stepUp.whatTitle}>
      {props.reads === undefined ? (
        <dl class="bid-ladder">
          <div>
            <dt>{t.stepUp.have}</dt>
            <dd>{levels[props.have]}</dd>
          </div>
          <div class="bid-ladder__goal">
            <dt>{t.stepUp.need}</dt>
            <dd>{levels[service.wanted]}</dd>
          </div>
        </dl>
      ) : (
        <>
          <p class="kern-body">{t.stepUp.unread}</p>
          <ul class="bid-reads">
            {props.reads.map((datum) => (
              <li key={datum}>{t.eid.datum[datum]}</li>
            ))}
          </ul>
          <p class="kern-body">{t.eid.ready}:</p>
        </>
      )}
      <Checklist items={t.login.eid.needs} />
      <p class="kern-body">{props.joining ? t.stepUp.howLong : `${t.stepUp.howLong} ${t.stepUp.kept}`}</p>
      {props.confirms.length === 0 || props.joining ? null : (
        <>
          <p class="kern-body">{t.stepUp.confirms}</p>
          <ul class="bid-list">
            {props.confirms.map(({ means, reaches }) => (
              <li key={means}>{t.link.confirms[means]({ level: levels[reaches] })}</li>
            ))}
          </ul>
        </>
      )}
      {props.expired || props.reads !== undefined || props.joining ? null : (
        <p class="kern-body">{t.stepUp.firstTime}</p>
      )}
      <p class="kern-body">
        {props.joining ? t.stepUp.joining : t.stepUp.loggedInAs} <strong>{props.account}</strong>. {t.stepUp.ownCard}
      </p>
      <Actions>
        {props.off !== undefined ? null : (
          <ConfirmForm action={`${props.base}/eid`} csrf={props.csrf} label={t.stepUp.button} icon="arrow-forward" />
        )}
        <Back {...props} />
      </Actions>
    </Card>
  );
};

const leadOf = ({ t, page, service, joining, reads, ways }: Props): string => {
  const level = page.common.level.name[service.wanted];
  // Accounts without a card reach no level by any means, and still have one that is safer than the others.
  if (joining) return t.stepUp.leadOfJoining(service.wanted === 'basic' ? {} : { level });
  if (reads !== undefined) return t.stepUp.leadOfData({ service: service.name });
  return t.stepUp[ways.length > 0 ? 'leadAny' : 'lead']({ service: service.name, level });
};

export const StepUpPage = (props: Props) => {
  const { t, page, error } = props;
  const others = props.ways.length > 0;
  return (
    <Layout
      page={page}
      title={t.stepUp.title}
      error={error !== undefined}
      wide
      summary={
        error === undefined ? undefined : (
          <ErrorSummary
            title={t.stepUp.ways.errorTitle}
            errors={[{ message: t.stepUp.ways.error[error], ...(error === 'passkey' ? {} : { field: 'password' }) }]}
          />
        )
      }
      service={<Service {...props} />}
    >
      {props.expired && props.reads === undefined && props.joining === undefined ? (
        <Alert tone="info" title={t.stepUp.expired.title}>
          <p class="kern-body">{t.stepUp.expired.text}</p>
        </Alert>
      ) : null}
      {props.off === undefined ? null : (
        <Alert tone="warning" title={t.off[props.off].title}>
          <p class="kern-body">{t.off[props.off].text}</p>
        </Alert>
      )}
      <p class="bid-lead">{leadOf(props)}</p>
      {props.joining?.card === false ? (
        <OtherWays {...props} />
      ) : (
        <CardRow {...(others ? {} : { arrange: 'main' as const })}>
          <ByCard {...props} />
          {others ? <OtherWays {...props} /> : <Why {...props} />}
        </CardRow>
      )}
      {others ? <Why {...props} /> : null}
      {props.joining?.card === false ? (
        <div class="bid-back">
          <Back {...props} />
        </div>
      ) : (
        <PinHelp {...props} />
      )}
    </Layout>
  );
};
