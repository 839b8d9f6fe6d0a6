import type { VNode } from 'preact';
import {
  Actions,
  ButtonLink,
  Card,
  CardRow,
  DataList,
  Layout,
  LevelBadge,
  LevelExplanation,
  TextLink,
} from '../../../web/components/index.ts';
import { formatMoney } from '../../../web/i18n/format.ts';
import { listPath, servicePath } from '../paths.ts';
import type { Service } from '../services/catalogue.ts';
import type { ServiceGroup } from '../services/listing.ts';
import type { Frame } from './frame.ts';
import { Notes } from './notes.tsx';
import { SearchForm } from './search-form.tsx';
import { Situations } from './situations.tsx';
import { Tiles, type ModuleAddresses, type PersonView } from './tiles.tsx';

export interface StartView {
  /** Who is logged in. */
  readonly person: PersonView | undefined;
  readonly often: readonly ServiceGroup[];
  /** Address of the service. */
  readonly fuehrungszeugnis: string;
  readonly modules: ModuleAddresses;
}

/** Fee of a Führungszeugnis in cents (KV-Nr. 1130 JVKostG). */
const fee = 1300;

interface Parts {
  readonly view: StartView;
  readonly frame: Frame;
}

const SignIn = ({ frame: { t } }: Parts) => (
  <Card id="anmelden" heading={t.signIn.heading}>
    <p class="kern-body">{t.signIn.what}</p>
    <p class="kern-body">{t.signIn.how}</p>
    <Actions>
      <ButtonLink href="/login">{t.signIn.button}</ButtonLink>
    </Actions>
  </Card>
);

const Fuehrungszeugnis = ({ view, frame: { t, page } }: Parts) => (
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
      <ButtonLink href={view.fuehrungszeugnis} weight="secondary" icon="arrow-forward">
        {t.services.open}
      </ButtonLink>
    </Actions>
    {view.person === undefined ? <LevelExplanation page={page} /> : null}
  </Card>
);

const Postfach = ({ view, frame: { t } }: Parts) => (
  <Card id="postfach" heading={t.postfach.name}>
    <p class="kern-body">{t.postfach.what}</p>
    <p class="kern-body">{t.postfach.how}</p>
    <Actions>
      <ButtonLink href={`${view.modules.postfach}/postfach`} weight="secondary" icon="mail">
        {t.postfach.open}
      </ButtonLink>
    </Actions>
  </Card>
);

/** One that several authorities offer leads to the choice between them. */
const Often = ({ view, frame }: Parts) => {
  const title = (service: Service): string => service.title[frame.page.locale];
  return (
    <section aria-labelledby="haeufig-titel" class="bid-section">
      <h2 class="kern-heading-medium bid-h2" id="haeufig-titel">
        {frame.t.often}
      </h2>
      <ul class="bid-situations">
        {view.often.map(({ services: [service, ...others] }) => (
          <li key={service.id}>
            <a
              class="bid-situation"
              href={others.length === 0 ? servicePath(service) : listPath({ search: title(service) })}
            >
              <strong>{title(service)}</strong>
              <span>{frame.page.common.level.needed[service.level]}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
};

/** Open without login: find what there is. Logged in: what is new comes first. */
export const startPage = (view: StartView, frame: Frame): VNode => {
  const { t, page } = frame;
  const parts = { view, frame };
  return (
    <Layout page={page} title={t.title} heading={t.heading} wide>
      <p class="kern-body bid-lead">{t.lead}</p>
      {view.person === undefined ? null : <Tiles frame={frame} person={view.person} modules={view.modules} />}
      <section class="bid-hero" aria-labelledby="suche-titel">
        <h2 class="kern-heading-medium bid-h2" id="suche-titel">
          {t.search.heading}
        </h2>
        <SearchForm frame={frame} />
      </section>
      <section aria-labelledby="lebenslagen-titel" class="bid-section">
        <h2 class="kern-heading-medium bid-h2" id="lebenslagen-titel">
          {t.situations.heading}
        </h2>
        <Situations frame={frame} />
        <p class="kern-body bid-after">
          <TextLink href={listPath()}>{t.all}</TextLink>
        </p>
      </section>
      {view.often.length === 0 ? null : <Often {...parts} />}
      {view.person === undefined ? (
        <CardRow arrange="side">
          <SignIn {...parts} />
          <Postfach {...parts} />
          <Fuehrungszeugnis {...parts} />
        </CardRow>
      ) : (
        <CardRow>
          <Fuehrungszeugnis {...parts} />
        </CardRow>
      )}
      <Notes frame={frame} />
    </Layout>
  );
};
