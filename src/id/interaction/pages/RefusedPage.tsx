import {
  Actions,
  Alert,
  Card,
  Layout,
  LevelExplanation,
  ReferenceId,
  TextLink,
} from '../../../web/components/index.ts';
import type { RefusedView } from '../views.ts';
import { Back, Service, type Frame } from './frame.tsx';

export const RefusedPage = (props: RefusedView & Frame) => {
  const { t, page } = props;
  const words = t.refused.cause[props.cause];
  return (
    <Layout page={page} title={words.title} returnTo={props.base} error service={<Service {...props} />}>
      <Alert tone="danger" title={words.lead} announce>
        <p class="kern-body">{t.refused.nothing}</p>
      </Alert>
      <Card id="abhilfe" heading={t.refused.todo}>
        <ul class="bid-list">
          {words.remedies.map((remedy) => (
            <li key={remedy}>{remedy}</li>
          ))}
        </ul>
        {props.cause === 'unreachable' ? <LevelExplanation page={page} /> : null}
        <Actions>
          <Back {...props} />
          <TextLink href="/hilfe">{page.common.toHelp}</TextLink>
        </Actions>
        <ReferenceId page={page} id={props.referenceId} />
      </Card>
    </Layout>
  );
};
