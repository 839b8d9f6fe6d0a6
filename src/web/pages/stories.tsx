import type { VNode } from 'preact';
import {
  Actions,
  Alert,
  Badge,
  Button,
  ButtonLink,
  Card,
  CardRow,
  Checklist,
  Choice,
  ConfirmForm,
  ConsentList,
  DataList,
  Details,
  EmptyState,
  ErrorSummary,
  Field,
  Layout,
  LevelBadge,
  LevelExplanation,
  PasswordField,
  ReferenceId,
  ServiceBar,
  Steps,
  TextLink,
} from '../components/index.ts';
import { levels } from '../../assurance/levels.ts';
import { errorCodes, HttpError } from '../http-error.ts';
import type { PageContext } from '../page-context.ts';
import { errorPage } from './error-page.tsx';

/** A page state by name; each has its own address, so that the browser gate visits it. */
export type Stories = Readonly<Record<string, (page: PageContext) => VNode>>;

const shown = (page: PageContext, title: string, children: VNode): VNode => (
  <Layout page={page} title={title}>
    {children}
  </Layout>
);

const fields = (page: PageContext): VNode => (
  <Layout
    page={page}
    title="Felder"
    error
    summary={
      <ErrorSummary
        title={page.common.errorSummary}
        errors={[{ message: 'Geben Sie Ihre E-Mail-Adresse ein.', field: 'mail' }, { message: 'Ohne Feld.' }]}
      />
    }
  >
    <Card id="karte" heading="Formular">
      <form class="bid-form" method="post" action="/entwickler/bausteine/felder">
        <Field page={page} name="vorname" label="Vornamen" autocomplete="given-name" value="Erika" />
        <Field
          page={page}
          name="mail"
          type="email"
          label="E-Mail-Adresse"
          hint="Zum Beispiel erika@example.org"
          autocomplete="email"
          error="Geben Sie Ihre E-Mail-Adresse ein."
        />
        <Field page={page} name="telefon" type="tel" label="Telefonnummer" autocomplete="tel" optional />
        <PasswordField page={page} name="passwort" label="Passwort" autocomplete="current-password" />
        <PasswordField
          page={page}
          name="neu"
          label="Neues Passwort"
          hint="Mindestens 15 Zeichen, zum Beispiel vier Wörter"
          error="Das Passwort ist zu kurz."
          autocomplete="new-password"
          minlength={15}
        />
        <Choice
          name="wahl"
          legend="Wohin sollen wir antworten?"
          error="Wählen Sie eine Antwort."
          options={[
            { value: 'postfach', label: 'In mein Postfach', hint: 'Dauert einen Tag.' },
            { value: 'brief', label: 'Mit der Post' },
          ]}
        />
        <Actions>
          <Button>Absenden</Button>
          <Button weight="secondary">Zurück</Button>
        </Actions>
      </form>
    </Card>
  </Layout>
);

const lists = (page: PageContext): VNode =>
  shown(
    page,
    'Listen',
    <>
      <Card id="daten" heading="Daten">
        <DataList
          items={[
            { label: 'Vornamen', value: 'Erika', note: <Badge tone="success">{page.common.source.card}</Badge> },
            { label: 'E-Mail-Adresse', value: 'erika.mustermann.mit.langer.adresse@verwaltung.example.org' },
          ]}
        />
        <Steps items={['Karte auflegen', 'PIN eingeben', <strong key="3">Warten</strong>]} />
        <Checklist items={['Ausweis', 'PIN']} />
      </Card>
      <Card id="freigabe" heading="Freigabe">
        <ConsentList
          page={page}
          reveal="Angabe anzeigen"
          choose="optional"
          items={[
            { name: 'email', label: 'E-Mail-Adresse', value: 'a@example.org', source: 'self', sensitive: false },
            { name: 'birthdate', label: 'Geburtsdatum', value: '12. August 1964', source: 'card', sensitive: true },
          ]}
        />
      </Card>
      <Details summary="Aufklappen">
        <p class="kern-body">Aufgeklappt.</p>
      </Details>
      <EmptyState title="Noch keine Vorgänge">
        <TextLink href="/">Leistung suchen</TextLink>
      </EmptyState>
      <ReferenceId page={page} id="7k2m9qx4ht" />
    </>,
  );

const notes = (page: PageContext): VNode =>
  shown(
    page,
    'Hinweise',
    <>
      {(['info', 'success', 'warning', 'danger'] as const).map((tone) => (
        <Alert key={tone} tone={tone} title={`Hinweis ${tone}`}>
          <p class="kern-body">
            Ein Satz mit <TextLink href="/hilfe">einem Link</TextLink>.
          </p>
        </Alert>
      ))}
      <Alert tone="success" title="Nur ein Titel" />
      <ServiceBar page={page} lead="Dienst:" name="Stadt Musterstadt" host="service.example.org" wanted="substantial" />
      <ServiceBar page={page} lead="Dienst:" name="Ohne Niveau" host="service.example.org" />
      <Card id="niveaus" heading={page.common.level.term}>
        {levels.map((level) => (
          <div key={level}>
            <LevelBadge page={page} level={level} /> <LevelBadge page={page} level={level} as="needed" />
            <LevelExplanation page={page} level={level} />
          </div>
        ))}
      </Card>
    </>,
  );

const buttons = (page: PageContext): VNode => (
  <Layout
    page={{
      ...page,
      account: { name: 'Erika Mustermann', href: '/konto', logout: { action: '/abmelden', csrf: 'token' } },
    }}
    title="Knöpfe und Karten"
    wide
  >
    <CardRow>
      <Card id="eins" heading="Erste Karte" badge={<Badge tone="info">Neu</Badge>}>
        <Actions>
          <ButtonLink href="/hilfe">Zur Hilfe</ButtonLink>
          <ButtonLink href="/hilfe" weight="secondary" icon="help">
            Zur Hilfe
          </ButtonLink>
          <ButtonLink href="/hilfe" weight="tertiary">
            Zur Hilfe
          </ButtonLink>
        </Actions>
      </Card>
      <Card id="zwei" heading="Zweite Karte">
        <ConfirmForm action="/entwickler/bausteine/knoepfe" csrf="token" label="Bestätigen" block />
      </Card>
    </CardRow>
  </Layout>
);

/** The kit itself and the pages that all parts share. */
export const groundStories: Stories = {
  felder: fields,
  listen: lists,
  hinweise: notes,
  knoepfe: buttons,
  ...Object.fromEntries(
    errorCodes.map((code) => [
      `fehler-${code.replaceAll('_', '-')}`,
      (page: PageContext) => errorPage(new HttpError(code), page),
    ]),
  ),
  'fehler-warten': (page) => errorPage(new HttpError('unavailable', { retryAfter: 30 }), page),
};
