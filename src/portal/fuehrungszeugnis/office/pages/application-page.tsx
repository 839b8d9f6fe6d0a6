import type { VNode } from 'preact';
import {
  Actions,
  Alert,
  Button,
  Card,
  Choice,
  ConfirmForm,
  DataList,
  Icon,
  Layout,
  refusal,
  TextArea,
  TextLink,
} from '../../../../web/components/index.ts';
import { formatDateTime } from '../../../../web/i18n/format.ts';
import type { Document } from '../../application/content.ts';
import { outcomes } from '../../application/states.ts';
import { summaryOf } from '../../application/summary.ts';
import { KeptNotice } from '../../../relying-party/pages/kept-notice.tsx';
import { Facts } from '../../pages/facts.tsx';
import type { Application } from '../../records/applications.ts';
import { answerPath, documentPath, listPath, takeUpPath } from '../paths.ts';
import type { OfficeFrame } from './frame.ts';

export interface ApplicationView {
  readonly application: Application;
  readonly documents: readonly Document[];
  readonly given?: { readonly outcome: string; readonly text: string };
  /** `given` was typed before a stronger login was asked for. */
  readonly kept?: boolean;
  readonly problem?: 'outcome' | 'text';
  /** The caseworker's own: somebody else works on it. */
  readonly own?: boolean;
  /** Somebody else has answered it meanwhile. */
  readonly late?: boolean;
}

const AnswerForm = ({ view, frame }: { view: ApplicationView; frame: OfficeFrame }) => {
  const { application, given, problem } = view;
  const t = frame.t.answer;
  return (
    <form class="bid-form" method="post" action={answerPath(application.id)}>
      <input type="hidden" name="csrf" value={frame.csrf} />
      <Card id="antworten" heading={t.heading}>
        <Choice
          name="outcome"
          legend={t.legend}
          options={outcomes.map((value) => ({ value, label: t.outcomes[value] }))}
          {...(given === undefined ? {} : { chosen: given.outcome })}
          {...(problem === 'outcome' ? { error: t.errors.outcome } : {})}
        />
        <TextArea
          name="text"
          label={t.text}
          hint={t.textHint}
          value={given?.text ?? ''}
          rows={8}
          prose
          {...(problem === 'text' ? { error: t.errors.text } : {})}
        />
        <Actions>
          <Button>{t.send}</Button>
        </Actions>
      </Card>
    </form>
  );
};

/** One application, and its answer. */
export const applicationPage = (view: ApplicationView, frame: OfficeFrame): VNode => {
  const { page, t, words } = frame;
  const { application, documents, problem } = view;
  const { id, reference = '', state, content, answer, filedAt = 0 } = application;
  const summary = summaryOf(content, page.locale, words);
  const message = problem === undefined ? undefined : t.answer.errors[problem];
  const title = t.application.title({ reference });
  return (
    <Layout page={page} title={title} {...refusal(page, message, problem)}>
      <p class="bid-return">
        <a class="bid-navlink" href={listPath}>
          <Icon name="arrow-back" />
          {t.application.back}
        </a>
      </p>
      {view.kept === true && answer === undefined ? <KeptNotice page={page} /> : null}
      {view.own === true ? (
        <Alert tone="warning" title={t.own.title}>
          <p class="kern-body">{t.own.text}</p>
        </Alert>
      ) : null}
      {view.late === true ? <Alert tone="warning" title={t.answer.late} announce /> : null}
      <p class="kern-body">
        {t.states[state === 'processing' || state === 'answered' ? state : 'filed']},{' '}
        {t.list.received({ when: formatDateTime(page.locale, filedAt) })}.{' '}
        {content.fee?.way === 'exempt' ? t.application.exemption : t.application.paid}
      </p>
      <Card id="art" heading={words.steps.art}>
        <Facts facts={[...summary.kind, ...summary.recipient, ...summary.fee]} />
      </Card>
      <Card id="daten" heading={words.summary.card}>
        <Facts facts={summary.card} />
      </Card>
      {summary.typed.length === 0 ? null : (
        <Card id="ergaenzt" heading={words.summary.typed}>
          <Facts facts={summary.typed} />
        </Card>
      )}
      {documents.length === 0 ? null : (
        <Card id="nachweise" heading={t.application.documents}>
          <DataList
            items={documents.map((document) => ({
              label: words.documents.purposes[document.purpose],
              value: <TextLink href={documentPath(id, document.id)}>{document.name}</TextLink>,
            }))}
          />
        </Card>
      )}
      {answer === undefined && view.own !== true ? (
        <>
          {state === 'filed' ? (
            <Card>
              <ConfirmForm action={takeUpPath(id)} csrf={frame.csrf} label={t.application.takeUp} weight="secondary" />
            </Card>
          ) : null}
          <AnswerForm view={view} frame={frame} />
        </>
      ) : null}
      {answer === undefined ? null : (
        <Card id="antwort" heading={t.answer.given}>
          <DataList
            items={[
              { label: t.answer.legend, value: t.answer.outcomes[answer.outcome] },
              ...(answer.text === ''
                ? []
                : [{ label: t.answer.text, value: <span class="bid-reply__text">{answer.text}</span> }]),
            ]}
          />
        </Card>
      )}
    </Layout>
  );
};
