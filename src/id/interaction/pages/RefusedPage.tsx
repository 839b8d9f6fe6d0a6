import {
  Actions,
  Alert,
  Card,
  ConfirmForm,
  Layout,
  LevelExplanation,
  ReferenceId,
  TextLink,
} from '../../../web/components/index.ts';
import { withReturn } from '../../../web/safe-path.ts';
import type { RefusedView } from '../views.ts';
import { Back, Service, type Frame } from './frame.tsx';

/** No service asks then, and none is waiting at any level. */
const ofJoining: ReadonlySet<RefusedView['cause']> = new Set(['sameAccount', 'leavingAccount', 'unknownCard']);

export const RefusedPage = (props: RefusedView & Frame) => {
  const { t, page, cause } = props;
  const words = t.refused.cause[cause];
  const aboutAccount = cause !== 'unreachable' && cause !== 'cardUnusable';
  return (
    <Layout page={page} title={words.title} error service={ofJoining.has(cause) ? undefined : <Service {...props} />}>
      <Alert tone="danger" title={words.lead} announce>
        <p class="kern-body">{t.refused.nothing}</p>
      </Alert>
      <Card id="abhilfe" heading={t.refused.todo}>
        <ul class="bid-list">
          {words.remedies.map((remedy) => (
            <li key={remedy}>{remedy}</li>
          ))}
          {aboutAccount ? (
            <li>
              {props.otherAccount ? (
                t.refused.chooseAccount
              ) : (
                <>
                  {t.refused.logOutFirst} <TextLink href="/session/end">{t.logout.button}</TextLink>
                </>
              )}
            </li>
          ) : null}
        </ul>
        {cause === 'unreachable' ? <LevelExplanation page={page} /> : null}
        <Actions>
          <ConfirmForm
            action={`${props.base}/eid`}
            csrf={props.csrf}
            label={cause === 'unreachable' ? t.stepUp.button : t.refused.otherCard}
          />
          {props.otherAccount ? (
            <ConfirmForm
              action={`${props.base}/anderes-konto`}
              csrf={props.csrf}
              label={t.refused.otherAccount}
              weight="secondary"
            />
          ) : null}
          <Back {...props} />
          <TextLink href={withReturn('/hilfe', page.path)}>{page.common.toHelp}</TextLink>
        </Actions>
        <ReferenceId page={page} id={props.referenceId} />
      </Card>
    </Layout>
  );
};
