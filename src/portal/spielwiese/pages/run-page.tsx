import type { VNode } from 'preact';
import { levels, satisfies, type Level } from '../../../assurance/levels.ts';
import {
  Actions,
  Alert,
  Badge,
  ButtonLink,
  Card,
  CodeBlock,
  ConfirmForm,
  Layout,
  LevelBadge,
  LevelExplanation,
} from '../../../web/components/index.ts';
import type { PageContext } from '../../../web/page-context.ts';
import type { PlaygroundMessages } from '../i18n/messages.ts';
import { fieldsOf } from '../request.ts';
import type { Run, Step } from '../runs.ts';

export interface RunView {
  readonly run: Run;
  /** Where the form stands filled in as it was. */
  readonly change: string;
  readonly logout: string;
  readonly csrf: string;
}

interface Parts {
  readonly view: RunView;
  readonly page: PageContext;
  readonly t: PlaygroundMessages;
}

const groups: Readonly<Record<keyof PlaygroundMessages['group'], readonly Step[]>> = {
  request: ['par', 'parAnswer', 'authorization'],
  answer: ['answer', 'jarm', 'altered'],
  token: ['token', 'tokenAnswer', 'again', 'againAnswer'],
  idToken: ['idToken'],
  userinfo: ['userinfo', 'userinfoAnswer'],
};

const tones = { open: 'info', accepted: 'success', refused: 'danger', error: 'warning' } as const;

const Outcome = ({ view, t }: Parts) => {
  const { run } = view;
  const { fault } = run.wish;
  const said = {
    open: t.run.openText,
    accepted: t.run.acceptedText,
    refused: t.run.refusedText,
    error: t.run.errorText,
  };
  return (
    <Alert tone={tones[run.outcome]} title={said[run.outcome]}>
      {run.error === undefined && fault === '' ? undefined : (
        <>
          {run.error === undefined ? null : (
            <p class="kern-body">
              <code class="bid-code">{run.error}</code>
            </p>
          )}
          {fault === '' ? null : (
            <p class="kern-body">
              <strong>
                {t.run.fault}: {t.fault[fault]}.
              </strong>{' '}
              {t.meaning[fault]}
            </p>
          )}
        </>
      )}
    </Alert>
  );
};

const Reached = ({ view, page, t, level }: Parts & { level: Level }) => {
  const wanted = view.run.wish.level;
  const higher = levels.filter((candidate) => candidate !== level && satisfies(candidate, level));
  return (
    <>
      <Card id="niveau" heading={t.run.level}>
        <p class="kern-body">
          {t.run.reached} <LevelBadge page={page} level={level} />
        </p>
        <p class="kern-body">
          {wanted === '' ? (
            t.run.askedNone
          ) : (
            <>
              {t.run.asked} <LevelBadge page={page} level={wanted} as="needed" />
            </>
          )}
        </p>
        <LevelExplanation page={page} level={level} />
      </Card>
      {higher.length === 0 ? null : (
        <Card id="anheben" heading={t.run.stepUp}>
          <p class="kern-body">{t.run.stepUpText}</p>
          <Actions>
            {higher.map((next) => (
              <ConfirmForm
                key={next}
                action="/anfrage"
                csrf={view.csrf}
                label={t.run.stepUpTo({ level: page.common.level.name[next] })}
                weight="secondary"
                fields={fieldsOf({ ...view.run.wish, level: next, prompt: '' })}
              />
            ))}
          </Actions>
        </Card>
      )}
    </>
  );
};

const Checks = ({ view, t }: Parts) =>
  view.run.checks.length === 0 ? null : (
    <Card id="pruefungen" heading={t.run.checks}>
      <table class="bid-persons bid-anywhere">
        <caption class="kern-sr-only">{t.run.checksCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{t.run.check}</th>
            <th scope="col">{t.run.result}</th>
            <th scope="col">{t.run.detail}</th>
          </tr>
        </thead>
        <tbody>
          {view.run.checks.map(({ name, passed, detail }) => (
            <tr key={name}>
              <th scope="row">{t.check[name]}</th>
              <td>
                <Badge tone={passed ? 'success' : 'danger'}>{passed ? t.run.passed : t.run.failed}</Badge>
              </td>
              <td>
                <code class="bid-code">{detail}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );

const Messages = ({ view, t }: Parts) => (
  <>
    {Object.entries(groups).map(([group, steps]) => {
      const messages = view.run.messages.filter(({ step }) => steps.includes(step));
      return messages.length === 0 ? null : (
        <Card key={group} id={`nachricht-${group}`} heading={t.group[group as keyof typeof groups]}>
          {messages.map(({ step, text }) => (
            <div key={step}>
              <h3 class="kern-heading-small bid-h3">{t.step[step]}</h3>
              <CodeBlock label={t.step[step]} text={text} />
            </div>
          ))}
        </Card>
      );
    })}
  </>
);

/** A login as far as it has come: how it stands, what it was worth, every check and every message. */
export const runPage = (view: RunView, page: PageContext, t: PlaygroundMessages): VNode => {
  const parts = { view, page, t };
  const { run } = view;
  const failed = run.outcome === 'refused' || run.outcome === 'error';
  return (
    <Layout page={page} title={t.run[run.outcome]} error={failed} wide>
      <Outcome {...parts} />
      <Actions>
        {run.outcome === 'open' && run.address !== undefined ? (
          <ButtonLink href={run.address}>{t.run.go}</ButtonLink>
        ) : null}
        <ButtonLink href={view.change} weight="secondary">
          {t.run.again}
        </ButtonLink>
        {run.outcome === 'accepted' ? (
          <ButtonLink href={view.logout} weight="tertiary">
            {t.run.logout}
          </ButtonLink>
        ) : null}
      </Actions>
      {run.level === undefined ? null : <Reached {...parts} level={run.level} />}
      <Checks {...parts} />
      <Messages {...parts} />
    </Layout>
  );
};
