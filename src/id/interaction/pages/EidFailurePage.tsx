import { Actions, Alert, ButtonLink, Card, Layout, ReferenceId } from '../../../web/components/index.ts';
import type { EidFailureView } from '../views.ts';
import { Back, BeginAnew, PinHelp, Service, type Frame } from './frame.tsx';

/** The client tells hardly anything, so causes are named as possible ones, each with its remedy. */
export const EidFailurePage = (props: EidFailureView & Frame) => {
  const { t, page } = props;
  const words = t.eidFailure.cause[props.cause];
  // Most who end it wanted to: that is no error, and nothing to be looked up.
  const ended = props.cause === 'ended';
  return (
    <Layout page={page} title={t.eidFailure.title} error={!ended} service={<Service {...props} />}>
      <Alert tone={ended ? 'info' : 'warning'} title={words.lead} announce>
        <p class="kern-body">{t.eidFailure.stillSafe}</p>
      </Alert>
      <Card id="abhilfe" heading={t.eidFailure.remedies}>
        <ul class="bid-list">
          {words.remedies.map((remedy) => (
            <li key={remedy}>{remedy}</li>
          ))}
        </ul>
        <Actions>
          <BeginAnew {...props} label={t.tryAgain} />
          {props.stepUp ? null : (
            <ButtonLink href={props.base} weight="secondary">
              {t.otherWay}
            </ButtonLink>
          )}
          <Back {...props} />
        </Actions>
        {ended ? null : <ReferenceId page={page} id={props.referenceId} />}
      </Card>
      <PinHelp {...props} open={ended} />
    </Layout>
  );
};
