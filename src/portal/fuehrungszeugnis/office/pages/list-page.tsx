import type { VNode } from 'preact';
import { Alert, Card, DataList, EmptyState, Layout, TextLink } from '../../../../web/components/index.ts';
import { formatDateTime } from '../../../../web/i18n/format.ts';
import type { Application } from '../../records/applications.ts';
import { answeredPath, applicationPath, listPath } from '../paths.ts';
import type { OfficeFrame } from './frame.ts';

export interface ListView {
  readonly applications: readonly Application[];
  readonly answered: boolean;
  /** Address of the next page. */
  readonly more?: string;
}

const stateWord = ({ state }: Application, { t }: OfficeFrame): string =>
  t.states[state === 'processing' || state === 'answered' ? state : 'filed'];

export const listPage = (view: ListView, frame: OfficeFrame): VNode => {
  const { page, t } = frame;
  const { applications, answered, more } = view;
  return (
    <Layout page={page} title={t.list.title} wide>
      <p class="kern-body">
        {answered ? (
          <TextLink href={listPath}>{t.list.open}</TextLink>
        ) : (
          <TextLink href={answeredPath}>{t.list.done}</TextLink>
        )}
      </p>
      {applications.length === 0 ? (
        <EmptyState title={t.list.empty} />
      ) : (
        <Card id="antraege" heading={answered ? t.list.done : t.list.open}>
          <DataList
            items={applications.map((application) => ({
              label: stateWord(application, frame),
              value: <TextLink href={applicationPath(application.id)}>{application.reference}</TextLink>,
              note: t.list.received({ when: formatDateTime(page.locale, application.filedAt ?? 0) }),
            }))}
          />
        </Card>
      )}
      {more === undefined ? null : (
        <p class="kern-body">
          <TextLink href={more}>{t.list.older}</TextLink>
        </p>
      )}
    </Layout>
  );
};

/** Logged in, but without the role. */
export const deniedPage = ({ page, t }: OfficeFrame): VNode => (
  <Layout page={page} title={t.denied.title} error>
    <Alert tone="danger" title={t.denied.title}>
      <p class="kern-body">{t.denied.text}</p>
    </Alert>
  </Layout>
);
