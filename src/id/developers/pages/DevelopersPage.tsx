import type { ComponentChildren, VNode } from 'preact';
import { levels, type Level } from '../../../assurance/levels.ts';
import { acrOf } from '../../../assurance/names.ts';
import { Card, CodeBlock, DataList, Layout, Steps, TextLink } from '../../../web/components/index.ts';
import type { Locale } from '../../../web/i18n/shape.ts';
import type { PageContext } from '../../../web/page-context.ts';
import { verifiedClaimsAnswer, verifiedClaimsLine, verifiedClaimsRequest } from '../examples.ts';
import type { QuickStarts } from '../quick-starts.ts';
import type { DeveloperMessages } from '../texts/index.ts';
import { commandOf } from './QuickStartPage.tsx';

/** Who there is to try things with. */
export interface TestPeople {
  readonly accounts: readonly { readonly login: string; readonly password: string; readonly about: string }[];
  readonly cards: readonly { readonly title: string; readonly purpose: Readonly<Record<Locale, string>> }[];
}

export interface DevelopersView {
  readonly issuer: string;
  /** Address of the discovery document. */
  readonly document: string;
  readonly quickStarts: QuickStarts;
  /** How strong each means of logging in is in this installation. */
  readonly means: { readonly password: Level; readonly eid: Level };
  /** Test environment only. */
  readonly people?: TestPeople;
  /** Start page of the playground, where there is one. */
  readonly playground?: string;
  /** Whether mails are shown instead of sent. */
  readonly showsMails?: boolean;
}

interface Parts {
  readonly view: DevelopersView;
  readonly page: PageContext;
  readonly t: DeveloperMessages;
}

const Address = ({ view, t }: Parts) => (
  <Card id="adresse" heading={t.address.title}>
    {t.address.body({})}
    <DataList
      items={[
        { label: t.address.issuer, value: <code class="bid-code">{view.issuer}</code> },
        { label: t.address.document, value: <TextLink href={view.document}>{view.document}</TextLink> },
      ]}
    />
    <p class="kern-body">
      <TextLink href="/entwickler/discovery">{t.address.readable}</TextLink>
    </p>
  </Card>
);

const Start = ({ view, page, t }: Parts) => {
  const words = t.start;
  const command = (step: number, text: string): VNode => <CodeBlock label={words.command({ step })} text={text} wrap />;
  const local = page.testEnvironment ? view.issuer : 'http://localhost:3000';
  const step = (index: number, text: string, lines: string): ComponentChildren => (
    <>
      {text}
      {command(index, lines)}
    </>
  );
  return (
    <Card id="start" heading={words.title}>
      {page.testEnvironment ? null : <p class="kern-body">{words.here}</p>}
      <Steps
        items={[
          step(1, words.check, 'npm ci && npm start'),
          step(2, words.secret, 'openssl rand -hex 32 > data/secrets/mein-dienst.secret'),
          step(3, words.client, 'cp docs/quickstarts/mein-dienst.yaml config/clients/'),
          <>
            {words.program}
            {view.quickStarts.starts.map((start) => (
              <div key={start.language}>
                <h3 class="kern-heading-small bid-h3">{start.name}</h3>
                <CodeBlock label={words.commandOf({ name: start.name })} text={commandOf(start, local)} wrap />
              </div>
            ))}
          </>,
          words.open({}),
        ]}
      />
      <p class="kern-body">{words.programs}</p>
      <ul class="bid-links">
        {view.quickStarts.starts.map(({ language, name }) => (
          <li key={language}>
            <TextLink href={`/entwickler/schnellstart/${language}`}>{words.programLink({ name })}</TextLink>
          </li>
        ))}
      </ul>
    </Card>
  );
};

const Client = ({ view, t }: Parts) => (
  <Card id="dienst" heading={t.client.title}>
    {t.client.body({})}
    <CodeBlock label={t.client.label} text={view.quickStarts.clientFile} />
  </Card>
);

/** What reaches a level; a password counts for no more than basic while nobody has vouched for the account. */
const reachedBy = ({ view, t }: Parts, level: Level): string => {
  const words = t.levels;
  const means = [
    ...(level === 'basic' ? [words.basicByPassword] : []),
    ...(view.means.password === level && level !== 'basic' ? [words.mean.password] : []),
    ...(view.means.eid === level ? [words.mean.eid] : []),
  ];
  return means.length === 0 ? words.nobody : means.join('; ');
};

const Levels = (parts: Parts) => {
  const { page, view } = parts;
  const words = parts.t.levels;
  const others = [acrOf('substantial', 'stork'), 'substantial'].join(', ');
  const request = new URLSearchParams({ acr_values: acrOf('substantial') }).toString();
  return (
    <Card id="niveaus" heading={words.title}>
      {words.body({})}
      <table class="bid-persons bid-breaks">
        <caption class="kern-sr-only">{words.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            <th scope="col">{words.acr}</th>
            <th scope="col">{words.means}</th>
          </tr>
        </thead>
        <tbody>
          {levels.map((level) => (
            <tr key={level}>
              <th scope="row">{page.common.level.name[level]}</th>
              <td data-label={words.acr}>
                <code class="bid-code">{acrOf(level)}</code>
              </td>
              <td data-label={words.means}>{reachedBy(parts, level)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="kern-body">
        {words.other} <code class="bid-code">{others}</code>
      </p>
      <h3 class="kern-heading-small bid-h3">{words.how}</h3>
      <ul class="bid-list">
        {words.ways.map((way) => (
          <li key={way}>{way}</li>
        ))}
      </ul>
      <CodeBlock label={words.label} text={`${view.issuer}/auth?client_id=mein-dienst&…&${request}`} wrap />
      {words.check({})}
    </Card>
  );
};

const Verified = ({ t }: Parts) => (
  <Card id="verified-claims" heading={t.verified.title}>
    {t.verified.body({})}
    <CodeBlock label={t.verified.line} text={verifiedClaimsLine} />
    <h3 class="kern-heading-small bid-h3">{t.verified.request}</h3>
    <CodeBlock label={t.verified.request} text={JSON.stringify(verifiedClaimsRequest, null, 2)} />
    <h3 class="kern-heading-small bid-h3">{t.verified.answer}</h3>
    <CodeBlock label={t.verified.answer} text={JSON.stringify(verifiedClaimsAnswer, null, 2)} />
  </Card>
);

const People = ({ people, page, t }: Parts & { people: TestPeople }) => {
  const words = t.persons;
  return (
    <Card id="testpersonen" heading={words.title}>
      <p class="kern-body">{words.body}</p>
      <h3 class="kern-heading-small bid-h3">{words.accounts}</h3>
      <table class="bid-persons">
        <caption class="kern-sr-only">{words.accountsCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.login}</th>
            <th scope="col">{words.password}</th>
            <th scope="col">{words.person}</th>
          </tr>
        </thead>
        <tbody>
          {people.accounts.map(({ login, password, about }) => (
            <tr key={login}>
              <th scope="row">{login}</th>
              <td data-label={words.password}>
                <code class="bid-code">{password}</code>
              </td>
              <td data-label={words.person}>{about}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="kern-body">{words.levels}</p>
      <h3 class="kern-heading-small bid-h3">{words.cards}</h3>
      <table class="bid-persons">
        <caption class="kern-sr-only">{words.cardsCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.card}</th>
            <th scope="col">{words.purpose}</th>
          </tr>
        </thead>
        <tbody>
          {people.cards.map(({ title, purpose }) => (
            <tr key={purpose.de}>
              <th scope="row" lang="de">
                {title}
              </th>
              <td data-label={words.purpose}>{purpose[page.locale]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
};

const Tools = ({ view, page, t }: Parts) =>
  page.testEnvironment ? (
    <Card id="ausprobieren" heading={t.tools.title}>
      <ul class="bid-links">
        {view.playground === undefined ? null : (
          <li>
            <TextLink href={view.playground}>{t.tools.playground}</TextLink>
          </li>
        )}
        {view.showsMails === true ? (
          <li>
            <TextLink href="/entwickler/post">{t.tools.post}</TextLink>
          </li>
        ) : null}
        <li>
          <TextLink href="/entwickler/bausteine">{t.tools.stories}</TextLink>
        </li>
      </ul>
    </Card>
  ) : null;

const List = (props: { title: string; items: readonly string[] }) => (
  <>
    <h3 class="kern-heading-small bid-h3">{props.title}</h3>
    <ul class="bid-list">
      {props.items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  </>
);

const Status = ({ t }: Parts) => (
  <Card id="stand" heading={t.status.title}>
    <List title={t.status.there} items={t.status.thereItems} />
    <List title={t.status.missing} items={t.status.missingItems} />
    <List title={t.status.changes} items={t.status.changesItems} />
  </Card>
);

/** What a developer needs to connect a service, in the order in which it is needed. */
export const DevelopersPage = (parts: Parts): VNode => (
  <Layout page={parts.page} title={parts.t.title} wide>
    <p class="bid-lead">{parts.t.lead}</p>
    <Address {...parts} />
    <Tools {...parts} />
    <Start {...parts} />
    <Client {...parts} />
    <Levels {...parts} />
    <Verified {...parts} />
    {parts.view.people === undefined ? null : <People {...parts} people={parts.view.people} />}
    <Card id="fehler" heading={parts.t.errors.title}>
      {parts.t.errors.body({})}
    </Card>
    <Status {...parts} />
  </Layout>
);
