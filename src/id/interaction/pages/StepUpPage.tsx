import {
  Actions,
  Alert,
  Card,
  CardRow,
  Checklist,
  ConfirmForm,
  Layout,
  LevelExplanation,
  TextLink,
} from '../../../web/components/index.ts';
import { withReturn } from '../../../web/safe-path.ts';
import type { StepUpView } from '../views.ts';
import { Back, PinHelp, Service, type Frame } from './frame.tsx';

export const StepUpPage = (props: StepUpView & Frame) => {
  const { t, page, service } = props;
  const levels = page.common.level.name;
  return (
    <Layout page={page} title={t.stepUp.title} wide service={<Service {...props} />}>
      {props.expired && props.reads === undefined ? (
        <Alert tone="info" title={t.stepUp.expired.title}>
          <p class="kern-body">{t.stepUp.expired.text}</p>
        </Alert>
      ) : null}
      {props.off === undefined ? null : (
        <Alert tone="warning" title={t.off[props.off].title}>
          <p class="kern-body">{t.off[props.off].text}</p>
        </Alert>
      )}
      <p class="bid-lead">
        {props.reads === undefined
          ? t.stepUp.lead({ service: service.name, level: levels[service.wanted] })
          : t.stepUp.leadOfData({ service: service.name })}
      </p>
      <CardRow arrange="main">
        <Card id="bereit" heading={t.stepUp.whatTitle}>
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
          <p class="kern-body">
            {t.stepUp.howLong} {t.stepUp.kept}
          </p>
          {props.expired || props.reads !== undefined ? null : <p class="kern-body">{t.stepUp.firstTime}</p>}
          <p class="kern-body">
            {t.stepUp.loggedInAs} <strong>{props.account}</strong>. {t.stepUp.ownCard}
          </p>
          <Actions>
            {props.off !== undefined ? null : (
              <ConfirmForm
                action={`${props.base}/eid`}
                csrf={props.csrf}
                label={t.stepUp.button}
                icon="arrow-forward"
              />
            )}
            <Back {...props} />
          </Actions>
        </Card>
        <Card id="warum" heading={t.stepUp.whyTitle}>
          <p class="kern-body">{props.reads === undefined ? t.stepUp.why : t.stepUp.whyData}</p>
          <LevelExplanation page={page} />
          <ul class="bid-links">
            <li>
              <TextLink href={withReturn('/hilfe/online-ausweis', page.path)}>{t.whatIsEid}</TextLink>
            </li>
          </ul>
        </Card>
      </CardRow>
      <PinHelp {...props} />
    </Layout>
  );
};
