import type { ComponentChildren, VNode } from 'preact';
import { Alert, Card, Layout, Steps, TextLink } from '../components/index.ts';
import type { PageContext } from '../page-context.ts';
import { withReturn } from '../safe-path.ts';
import { licenceTexts } from './licence-texts.ts';
import type { CommonPageMessages } from './texts/index.ts';

/** Who runs the installation; shown on /impressum and /barriere-melden. */
export interface Operator {
  readonly name: string;
  /** Street, town and the like. */
  readonly address: readonly string[];
  readonly email?: string;
}

export interface CommonFrame {
  readonly page: PageContext;
  readonly t: CommonPageMessages;
  readonly operator: Operator | undefined;
}

interface Chapter {
  readonly title: string;
  readonly body: (p: never) => ComponentChildren;
}

const Text = (props: { children: ComponentChildren }) => <div class="bid-prose">{props.children}</div>;

const Chapters = (props: { of: Readonly<Record<string, Chapter>> }) => (
  <>
    {Object.entries(props.of).map(([id, chapter]) => (
      <Card key={id} id={id} heading={chapter.title}>
        <Text>{(chapter.body as () => ComponentChildren)()}</Text>
      </Card>
    ))}
  </>
);

const Mail = (props: { operator: Operator | undefined; lead: string; none: string }) =>
  props.operator?.email === undefined ? (
    <p>{props.none}</p>
  ) : (
    <p>
      {props.lead} <a href={`mailto:${encodeURI(props.operator.email)}`}>{props.operator.email}</a>
    </p>
  );

/** From one page of help to the other, without losing the login that waits behind both. */
const helpLink = (page: PageContext, path: string): string =>
  page.back === undefined ? path : withReturn(path, page.back);

const Help = ({ page, t, operator }: CommonFrame) => (
  <Layout page={page} title={t.help.title}>
    <p class="bid-lead">
      <TextLink href={helpLink(page, '/hilfe/online-ausweis')} icon="arrow-forward">
        {t.help.eidLink}
      </TextLink>
    </p>
    <Chapters
      of={{
        anmelden: t.help.signIn,
        niveau: t.help.level,
        probleme: t.help.trouble,
        passwort: t.help.forgotten,
      }}
    />
    <Card id="kontakt" heading={t.help.contact.title}>
      <Text>
        <Mail operator={operator} lead={t.help.contact.mail} none={t.help.contact.none} />
        {t.help.contact.body({})}
      </Text>
    </Card>
  </Layout>
);

const EidHelp = ({ page, t }: CommonFrame) => (
  <Layout page={page} title={t.eidHelp.title}>
    <Chapters of={{ was: t.eidHelp.what }} />
    <Card id="ablauf" heading={t.eidHelp.how.title}>
      <Steps items={t.eidHelp.how.steps} />
    </Card>
    <Chapters
      of={{
        pin: t.eidHelp.pin,
        can: t.eidHelp.can,
        puk: t.eidHelp.puk,
        vergessen: t.eidHelp.lost,
        verloren: t.eidHelp.lostCard,
      }}
    />
    <TextLink href={helpLink(page, '/hilfe')} icon="arrow-forward">
      {t.eidHelp.allHelp}
    </TextLink>
  </Layout>
);

const OperatedBy = (props: { operator: Operator | undefined; lead: string; none: string }) =>
  props.operator === undefined ? (
    <p>{props.none}</p>
  ) : (
    <p>
      {props.lead}
      <br />
      <strong>{props.operator.name}</strong>
      {props.operator.address.map((line) => (
        <>
          <br />
          {line}
        </>
      ))}
    </p>
  );

const Imprint = ({ page, t, operator }: CommonFrame) => (
  <Layout page={page} title={t.imprint.title}>
    <Card>
      <Text>
        {t.imprint.body({})}
        <OperatedBy operator={operator} lead={t.imprint.operator} none={t.imprint.noOperator} />
      </Text>
    </Card>
  </Layout>
);

const Privacy = ({ page, t, operator }: CommonFrame) => (
  <Layout page={page} title={t.privacy.title}>
    <Card id="verantwortlich" heading={t.privacy.controller.title}>
      <Text>
        {t.privacy.controller.body({})}
        <OperatedBy operator={operator} lead={t.imprint.operator} none={t.imprint.noOperator} />
      </Text>
    </Card>
    <Chapters
      of={{
        speichern: t.privacy.stored,
        fristen: t.privacy.periods,
        dienste: t.privacy.shared,
        cookies: t.privacy.cookies,
        rechte: t.privacy.rights,
      }}
    />
  </Layout>
);

const Accessibility = ({ page, t }: CommonFrame) => (
  <Layout page={page} title={t.accessibility.title}>
    <Chapters
      of={{
        geltung: t.accessibility.scope,
        stand: t.accessibility.state,
        luecken: t.accessibility.gaps,
      }}
    />
    <Card id="kontakt" heading={t.accessibility.contact.title}>
      <Text>{t.accessibility.contact.body({ report: helpLink(page, '/barriere-melden') })}</Text>
    </Card>
  </Layout>
);

const Report = ({ page, t, operator }: CommonFrame) => (
  <Layout page={page} title={t.report.title}>
    <Card>
      <Text>
        {t.report.body({})}
        <Mail operator={operator} lead={t.report.mail} none={t.report.noContact} />
      </Text>
    </Card>
  </Layout>
);

const Placeholder = (props: { page: PageContext; words: CommonPageMessages['easyLanguage'] }) => (
  <Layout page={props.page} title={props.words.title}>
    <Alert tone="info" title={props.words.placeholder}>
      <Text>{props.words.body({})}</Text>
    </Alert>
  </Layout>
);

const LicenceText = (props: { name: string; label: string; lang: string; text: string }) => (
  <section class="bid-legal" aria-label={props.label} tabIndex={0} lang={props.lang}>
    {props.text}
  </section>
);

const Licences = ({ page, t }: CommonFrame) => {
  const texts = licenceTexts();
  const works = [
    { id: 'kern', words: t.licences.kern, text: texts.kern, lang: 'de', version: texts.kernVersion },
    { id: 'fira-sans', words: t.licences.fira, text: texts.fira, lang: 'en', version: '' },
    { id: 'dejavu-sans', words: t.licences.dejavu, text: texts.dejavu, lang: 'en', version: '' },
    { id: 'preact', words: t.licences.preact, text: texts.preact, lang: 'en', version: '' },
    {
      id: 'passwoerter',
      words: t.licences.passwords,
      text: texts.passwords,
      lang: 'en',
      version: texts.passwordsVersion,
    },
  ];
  return (
    <Layout page={page} title={t.licences.title}>
      <p class="bid-lead">{t.licences.intro}</p>
      {works.map((work) => (
        <Card key={work.id} id={work.id} heading={work.words.title}>
          <Text>{work.words.body({ version: work.version })}</Text>
          <LicenceText
            name={work.id}
            label={t.licences.text({ name: work.words.title })}
            lang={work.lang}
            text={work.text}
          />
        </Card>
      ))}
    </Layout>
  );
};

/** The pages by path. */
export const commonPages: Readonly<Record<string, (frame: CommonFrame) => VNode>> = {
  '/hilfe': Help,
  '/hilfe/online-ausweis': EidHelp,
  '/impressum': Imprint,
  '/datenschutz': Privacy,
  '/barrierefreiheit': Accessibility,
  '/barriere-melden': Report,
  '/leichte-sprache': ({ page, t }) => <Placeholder page={page} words={t.easyLanguage} />,
  '/gebaerdensprache': ({ page, t }) => <Placeholder page={page} words={t.signLanguage} />,
  '/lizenzen': Licences,
};
