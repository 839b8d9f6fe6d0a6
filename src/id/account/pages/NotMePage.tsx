import {
  Actions,
  Alert,
  ButtonLink,
  Card,
  ConfirmForm,
  Layout,
  Steps,
  TextLink,
} from '../../../web/components/index.ts';
import { otherPaths, paths } from '../paths.ts';
import type { KontoFrame } from './konto-frame.tsx';

export interface NotMeView {
  readonly action: string;
  readonly csrf: string;
}

/** Says what a press of the button does; opening the page does nothing. */
export const NotMePage = (props: NotMeView & KontoFrame) => {
  const { t, page } = props;
  const words = t.notMe;
  return (
    <Layout page={page} title={words.title}>
      <p class="bid-lead">{words.lead}</p>
      <Card id="folgen" heading={words.effectsTitle}>
        <Steps items={words.effects} />
        <Actions>
          <ConfirmForm action={props.action} csrf={props.csrf} label={words.button} />
          <ButtonLink href={paths.home} weight="secondary">
            {t.cancel}
          </ButtonLink>
        </Actions>
      </Card>
    </Layout>
  );
};

/** Everybody is out; what keeps them out is a new password. */
export const NotMeDonePage = ({ t, page }: KontoFrame) => {
  const words = t.notMe;
  return (
    <Layout page={page} title={words.doneTitle}>
      <Alert tone="success" title={words.outTitle} announce>
        <p class="kern-body">{words.done}</p>
      </Alert>
      <Card id="weiter" heading={words.nextTitle}>
        <p class="kern-body">{words.next}</p>
        <p class="kern-body">{words.next2}</p>
        <Actions>
          <ButtonLink href={otherPaths.recovery}>{words.recover}</ButtonLink>
          <ButtonLink href={paths.means} weight="secondary">
            {words.means}
          </ButtonLink>
        </Actions>
      </Card>
    </Layout>
  );
};

/** A link that was used, is too old, or was never one: all the same to whoever tries. */
export const NotMeInvalidPage = ({ t, page }: KontoFrame) => {
  const words = t.notMe;
  return (
    <Layout page={page} title={words.invalidTitle}>
      <Card>
        <p class="kern-body">{words.invalid}</p>
        <Actions>
          <ButtonLink href={otherPaths.recovery}>{words.recover}</ButtonLink>
        </Actions>
        <TextLink href={otherPaths.notMe}>{words.invalidOwn}</TextLink>
      </Card>
    </Layout>
  );
};
