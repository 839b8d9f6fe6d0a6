import {
  Actions,
  Alert,
  ButtonLink,
  Card,
  ConfirmForm,
  ReferenceId,
  Steps,
  TextLink,
} from '../../../../web/components/index.ts';
import { joinPath } from '../../../interaction/join-tickets.ts';
import { paths } from '../../paths.ts';
import { KontoLayout } from '../konto-frame.tsx';
import { Account, type AccountView, type Frame } from './frame.tsx';

export interface JoinView {
  readonly csrf: string;
  readonly kept: AccountView;
}

/** What it is, before the second account is proved. POST /konto/zusammenlegen. */
export const JoinPage = (props: JoinView & Frame) => {
  const { t, page } = props;
  return (
    <KontoLayout page={page} at="means" below title={t.title}>
      <p class="bid-lead">{t.lead}</p>
      <Account t={t} page={page} id="bleibt" heading={t.stays} account={props.kept} />
      <p class="kern-body">{t.staysText}</p>
      <Card id="schritte" heading={t.stepsTitle}>
        <Steps items={t.steps} />
        <p class="kern-body">{t.lost}</p>
        <Actions>
          <ConfirmForm action={joinPath} csrf={props.csrf} label={t.start} icon="arrow-forward" />
        </Actions>
      </Card>
    </KontoLayout>
  );
};

/** What the two accounts say of their owners cannot be true of one person. */
export const JoinRefusedPage = (props: { readonly referenceId: string } & Frame) => {
  const { t, page } = props;
  const words = t.refused;
  return (
    <KontoLayout page={page} at="means" below title={words.title} error>
      <Alert tone="danger" title={words.lead} announce>
        <p class="kern-body">{words.nothing}</p>
      </Alert>
      <Card id="abhilfe" heading={words.todo}>
        <ul class="bid-list">
          {words.remedies.map((remedy) => (
            <li key={remedy}>{remedy}</li>
          ))}
        </ul>
        <Actions>
          <ButtonLink href={joinPath} weight="secondary">
            {words.again}
          </ButtonLink>
        </Actions>
        <ReferenceId page={page} id={props.referenceId} />
      </Card>
    </KontoLayout>
  );
};

/** Used, too old, of another session, or one of the accounts has changed: one text for all. */
export const JoinGonePage = ({ t, page }: Frame) => (
  <KontoLayout page={page} at="means" below title={t.gone.title} error>
    <p class="bid-lead">{t.gone.lead}</p>
    <Actions>
      <ButtonLink href={joinPath}>{t.gone.again}</ButtonLink>
      <ButtonLink href={paths.home} weight="secondary">
        {t.cancel}
      </ButtonLink>
    </Actions>
  </KontoLayout>
);

export const JoinedPage = (props: { readonly cardMoved: boolean } & Frame) => {
  const { t, page } = props;
  const words = t.done;
  return (
    <KontoLayout page={page} at="means" below title={words.title}>
      <p class="bid-lead">{words.lead}</p>
      {props.cardMoved ? <p class="kern-body">{words.card}</p> : null}
      <Card id="noch-zu-tun" heading={words.todo}>
        <p class="kern-body">{words.todos}</p>
        <ul class="bid-links">
          <li>
            <TextLink href={paths.means}>{words.means}</TextLink>
          </li>
          <li>
            <TextLink href={paths.services}>{words.services}</TextLink>
          </li>
        </ul>
      </Card>
    </KontoLayout>
  );
};
