import type { VNode } from 'preact';
import { satisfies, type Level } from '../../../assurance/levels.ts';
import {
  Alert,
  ButtonLink,
  Card,
  Checklist,
  DataList,
  Icon,
  Layout,
  LevelBadge,
  LevelExplanation,
  TextLink,
} from '../../../web/components/index.ts';
import { formatMoney } from '../../../web/i18n/format.ts';
import { listPath } from '../paths.ts';
import type { Place } from '../places/places.ts';
import { covers, type Service } from '../services/catalogue.ts';
import { AuthorityBlock, inColoursOf } from './authority-block.tsx';
import type { Frame } from './frame.ts';
import { Notes } from './notes.tsx';

export interface ServiceView {
  readonly service: Service;
  /** Where the citizen said that she lives. */
  readonly place: Place | undefined;
  /** What is left of her login; undefined when she is not logged in. */
  readonly level: Level | undefined;
}

interface Parts {
  readonly view: ServiceView;
  readonly frame: Frame;
}

/** Names that lead nowhere (RFC 2606): an example says so before somebody follows it. */
const leadsNowhere = (address: string): boolean =>
  /(?:^|\.)example(?:\.(?:com|net|org))?$/.test(new URL(address).hostname);

const feeText = ({ view: { service }, frame: { t, page } }: Parts): { value: string; note?: string } => {
  const { fee } = service;
  if (fee === 'none') return { value: t.service.feeNone };
  if ('depends' in fee) return { value: fee.depends[page.locale] };
  const value = formatMoney(page.locale, fee.euro);
  return fee.note === undefined ? { value } : { value, note: fee.note[page.locale] };
};

const Start = ({ view: { service, level }, frame: { t, page } }: Parts) => {
  const words = t.service.start;
  return (
    <Card id="beginnen" heading={words.heading} class="bid-start">
      <p class="kern-body">{words.level}</p>
      <p class="kern-body">
        <LevelBadge page={page} level={service.level} as="needed" />
      </p>
      {level === undefined ? <p class="kern-body">{words.how[service.level]}</p> : null}
      {level !== undefined && satisfies(level, service.level) ? <p class="kern-body">{words.enough}</p> : null}
      {level !== undefined && !satisfies(level, service.level) ? (
        <p class="kern-body">{words.more({ level: page.common.level.name[level] })}</p>
      ) : null}
      <ButtonLink href={service.online} icon="arrow-forward" block>
        {words.button}
      </ButtonLink>
      <p class="kern-body bid-start__host">
        {words.host({ host: new URL(service.online).host })}
        {page.testEnvironment && leadsNowhere(service.online) ? ` ${words.example}` : ''}
      </p>
      <LevelExplanation page={page} />
    </Card>
  );
};

const Glance = (parts: Parts) => {
  const { service } = parts.view;
  const { t, page } = parts.frame;
  return (
    <Card id="ueberblick" heading={t.service.glance}>
      <DataList
        items={[
          { label: t.services.fee, ...feeText(parts) },
          { label: t.services.time, value: service.time[page.locale] },
          {
            label: t.service.authority,
            value: [service.authority.name[page.locale], service.department?.[page.locale]]
              .filter((one) => one !== undefined)
              .join(', '),
          },
          ...(service.leika === undefined
            ? []
            : [{ label: t.service.leika, value: service.leika.key, note: service.leika.source }]),
        ]}
      />
    </Card>
  );
};

const Documents = ({ view: { service }, frame: { t, page } }: Parts) => {
  const documents = service.documents[page.locale];
  return (
    <Card id="unterlagen" heading={t.service.documents}>
      {documents.length === 0 ? <p class="kern-body">{t.service.noDocuments}</p> : <Checklist items={documents} />}
    </Card>
  );
};

/** One service: what it needs, before anybody logs in for it. */
export const servicePage = (view: ServiceView, frame: Frame): VNode => {
  const { t, page } = frame;
  const { service, place } = view;
  const { locale } = page;
  const parts = { view, frame };
  const back = listPath(place === undefined ? {} : { place: place.id });
  return (
    <Layout page={inColoursOf(page, service.authority)} title={service.title[locale]} wide>
      <AuthorityBlock
        frame={frame}
        authority={service.authority}
        link
        {...(service.department === undefined ? {} : { department: service.department[locale] })}
      />
      <p class="kern-body bid-lead">{service.summary[locale]}</p>
      {place === undefined || covers(service.authority, place) ? null : (
        <Alert tone="warning" title={t.service.otherPlaceTitle}>
          <p class="kern-body">
            {t.service.otherPlace({ place: place.name, authority: service.authority.name[locale] })}{' '}
            <TextLink href={listPath({ search: service.title[locale], place: place.id })}>
              {t.search.button}: {service.title[locale]}
            </TextLink>
          </p>
        </Alert>
      )}
      <div class="bid-columns">
        <Start {...parts} />
        <div>
          <Glance {...parts} />
          <Documents {...parts} />
        </div>
      </div>
      <p class="bid-back">
        <a class="bid-navlink" href={back}>
          <Icon name="arrow-back" />
          {t.service.back}
        </a>
      </p>
      <Notes frame={frame} />
    </Layout>
  );
};
