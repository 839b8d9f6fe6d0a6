import {
  Actions,
  Alert,
  ButtonLink,
  Card,
  CardRow,
  Checklist,
  ConfirmForm,
  Details,
  Layout,
  Steps,
  TextLink,
} from '../../../web/components/index.ts';
import { formatTime } from '../../../web/i18n/format.ts';
import type { EidView } from '../views.ts';
import { Back, BeginAnew, PinHelp, Service, type Frame } from './frame.tsx';

type Props = EidView & Frame;

/** Each start is good for one use: links that were followed lead to nothing but the client's own error page. */
const Opened = (props: Props) => {
  const { opened } = props.t.eid;
  return (
    <>
      <p class="kern-body">{opened.goOn}</p>
      <p class="kern-body">{opened.failed}</p>
      <BeginAnew {...props} label={opened.button} />
    </>
  );
};

/** Both ways in are always there: which device this is can only be guessed. */
const OpenApp = (props: Props) => {
  const { t } = props;
  if (props.simulated) return <ButtonLink href={props.desktopLink}>{t.eid.simulated.button}</ButtonLink>;
  const desktop = { href: props.desktopLink, label: t.eid.openDesktop, question: t.eid.onDesktop };
  const mobile = { href: props.mobileLink, label: t.eid.openMobile, question: t.eid.onMobile };
  const [first, second] = props.mobileFirst ? [mobile, desktop] : [desktop, mobile];
  return (
    <>
      <ButtonLink href={first.href} icon="arrow-forward" schemes={['eid:']}>
        {first.label}
      </ButtonLink>
      <p class="bid-otherdevice">{second.question}</p>
      <ButtonLink href={second.href} weight="secondary" schemes={['eid:']}>
        {second.label}
      </ButtonLink>
    </>
  );
};

const openHeading = ({ t, opened, simulated }: Props): string => {
  if (opened) return t.eid.opened.title;
  return simulated ? t.eid.openSimulator : t.eid.open;
};

export const EidPage = (props: Props) => {
  const { t, page } = props;
  return (
    <Layout page={page} title={props.stepUp ? t.eid.titleOfStepUp : t.eid.title} wide service={<Service {...props} />}>
      {props.simulated ? (
        <Alert tone="info" title={t.eid.simulated.title}>
          <p class="kern-body">{t.eid.simulated.text}</p>
        </Alert>
      ) : null}
      {props.testPki ? (
        <Alert tone="warning" title={t.eid.testPki.title}>
          <p class="kern-body">{t.eid.testPki.text}</p>
        </Alert>
      ) : null}
      <CardRow arrange="side">
        <Card id="bereit" heading={t.eid.ready}>
          <Checklist items={t.login.eid.needs} />
        </Card>
        <Card id="oeffnen" heading={openHeading(props)}>
          {props.opened ? <Opened {...props} /> : <OpenApp {...props} />}
          {props.simulated || props.opened ? null : <p class="kern-body">{t.eid.afterwards}</p>}
          <p class="kern-body kern-body--muted bid-levelnote">
            {t.eid.until({ time: formatTime(page.locale, props.expiresAt) })}
          </p>
        </Card>
        <Card id="daten" heading={t.eid.readData}>
          <ul class="bid-reads">
            {props.reads.map((read) => (
              <li key={read.datum}>
                {t.eid.datum[read.datum]}
                {read.required ? null : <span class="bid-muted"> {page.common.optional}</span>}
              </li>
            ))}
          </ul>
          <p class="kern-body kern-body--small bid-levelnote">{t.eid.readIntro}</p>
        </Card>
      </CardRow>
      {props.simulated ? null : (
        <Details summary={t.eid.notOpened}>
          <Steps items={t.eid.notOpenedSteps} />
          <TextLink href="https://www.ausweisapp.bund.de/" icon="open-in-new">
            {t.eid.appSite}
          </TextLink>
        </Details>
      )}
      <Details summary={t.eid.hintsTitle}>
        <ul class="bid-list">
          {t.eid.hints.map((hint) => (
            <li key={hint}>{hint}</li>
          ))}
        </ul>
      </Details>
      <PinHelp {...props} />
      <Actions>
        {props.stepUp ? null : (
          <ConfirmForm action={`${props.base}/eid/andere`} csrf={props.csrf} label={t.otherWay} weight="secondary" />
        )}
        <Back {...props} />
      </Actions>
    </Layout>
  );
};
