import type { VNode } from 'preact';
import {
  Actions,
  Alert,
  Badge,
  ButtonLink,
  Card,
  ConfirmForm,
  EmptyState,
  Layout,
  TextLink,
} from '../../../web/components/index.ts';
import { steps, type Step } from '../application/rules.ts';
import { paths, stepPath } from '../citizen/paths.ts';
import type { Frame } from './frame.tsx';

export interface TasksView {
  /** Undefined: nothing was begun. */
  readonly draft?: {
    readonly done: ReadonlySet<Step>;
    readonly next: Step;
    readonly paymentFailed: boolean;
  };
  /** Days without a change after which a draft goes. */
  readonly kept: number;
  readonly hasSent: boolean;
  readonly discarded: boolean;
}

/** The steps of an application with their states. */
export const tasksPage = (view: TasksView, frame: Frame): VNode => {
  const { page, t } = frame;
  const { draft } = view;
  return (
    <Layout page={page} title={t.tasks.title}>
      {view.discarded ? <Alert tone="success" title={t.tasks.discarded} announce /> : null}
      {draft === undefined ? (
        <EmptyState title={t.tasks.none}>
          <Actions>
            <ButtonLink href={stepPath('art')}>{t.tasks.begin}</ButtonLink>
          </Actions>
        </EmptyState>
      ) : (
        <>
          {draft.paymentFailed ? (
            <Alert tone="warning" title={t.payment.failedTitle}>
              <p class="kern-body">{t.payment.failed}</p>
            </Alert>
          ) : null}
          <p class="kern-body bid-lead">{t.tasks.lead}</p>
          <Card>
            <ol class="bid-steps">
              {steps.map((step) => (
                <li key={step}>
                  <div class="bid-steps__task">
                    <TextLink href={stepPath(step)}>{t.steps[step]}</TextLink>
                    <Badge tone={draft.done.has(step) ? 'success' : 'info'}>
                      {draft.done.has(step) ? t.tasks.done : t.tasks.open}
                    </Badge>
                  </div>
                </li>
              ))}
            </ol>
            <Actions>
              <ButtonLink href={stepPath(draft.next)}>{t.tasks.goOn}</ButtonLink>
              <ConfirmForm action={paths.discard} csrf={frame.csrf} label={t.tasks.discard} weight="tertiary" />
            </Actions>
            <p class="kern-body bid-muted">{t.tasks.kept({ days: view.kept })}</p>
          </Card>
        </>
      )}
      {view.hasSent ? (
        <p class="kern-body">
          <TextLink href={paths.sent}>{t.tasks.sent}</TextLink>
        </p>
      ) : null}
    </Layout>
  );
};
