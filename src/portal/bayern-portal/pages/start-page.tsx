import type { VNode } from 'preact';
import type { Level } from '../../../assurance/levels.ts';
import {
  Actions,
  ButtonLink,
  Card,
  CardRow,
  DataList,
  Layout,
  LevelBadge,
  LevelExplanation,
} from '../../../web/components/index.ts';
import { formatMoney } from '../../../web/i18n/format.ts';
import type { PageContext } from '../../../web/page-context.ts';
import type { PortalMessages } from '../i18n/messages.ts';

export interface StartView {
  /** Who is logged in, at the level that is left now. */
  readonly person: { readonly name: string; readonly level: Level } | undefined;
  /** Address of the service. */
  readonly fuehrungszeugnis: string;
  /** Address of the citizen's mailbox. */
  readonly postfach: string;
}

/** Fee of a Führungszeugnis in cents (KV-Nr. 1130 JVKostG). */
const fee = 1300;

interface Parts {
  readonly view: StartView;
  readonly page: PageContext;
  readonly t: PortalMessages;
}

const SignIn = ({ t }: Parts) => (
  <Card id="anmelden" heading={t.signIn.heading}>
    <p class="kern-body">{t.signIn.what}</p>
    <p class="kern-body">{t.signIn.how}</p>
    <Actions>
      <ButtonLink href="/login">{t.signIn.button}</ButtonLink>
    </Actions>
  </Card>
);

const Person = ({ person, page, t }: Parts & { person: NonNullable<StartView['person']> }) => (
  <Card id="anmeldung" heading={t.person.heading}>
    <p class="kern-body">{person.name === '' ? t.person.nameless : t.person.name({ name: person.name })}</p>
    <p class="kern-body">
      {t.person.level} <LevelBadge page={page} level={person.level} />
    </p>
    <LevelExplanation page={page} level={person.level} />
    <p class="kern-body">{t.person.stepUp}</p>
  </Card>
);

const Fuehrungszeugnis = ({ view, page, t }: Parts) => (
  <Card
    id="fuehrungszeugnis"
    heading={t.fuehrungszeugnis.name}
    badge={<LevelBadge page={page} level="high" as="needed" />}
  >
    <p class="kern-body">{t.fuehrungszeugnis.what}</p>
    <DataList
      items={[
        { label: t.services.fee, value: formatMoney(page.locale, fee) },
        { label: t.services.time, value: t.fuehrungszeugnis.time },
        { label: t.services.needs, value: t.fuehrungszeugnis.needs },
      ]}
    />
    <Actions>
      <ButtonLink
        href={view.fuehrungszeugnis}
        weight={view.person === undefined ? 'secondary' : 'primary'}
        icon="arrow-forward"
      >
        {t.services.open}
      </ButtonLink>
    </Actions>
    {view.person === undefined ? <LevelExplanation page={page} /> : null}
  </Card>
);

const Postfach = ({ view, t }: Parts) => (
  <Card id="postfach" heading={t.postfach.name}>
    <p class="kern-body">{t.postfach.what}</p>
    <p class="kern-body">{t.postfach.how}</p>
    <Actions>
      <ButtonLink href={view.postfach} weight="secondary" icon="mail">
        {t.postfach.open}
      </ButtonLink>
    </Actions>
  </Card>
);

/** Open without login: what the portal is, what there is, and which level each service needs. */
export const startPage = (view: StartView, page: PageContext, t: PortalMessages): VNode => {
  const parts = { view, page, t };
  return (
    <Layout page={page} title={t.title} heading={t.heading} wide>
      <p class="kern-body bid-lead">{t.lead}</p>
      <CardRow arrange="side">
        {view.person === undefined ? <SignIn {...parts} /> : <Person {...parts} person={view.person} />}
        <Postfach {...parts} />
        <Fuehrungszeugnis {...parts} />
      </CardRow>
    </Layout>
  );
};
