import { Badge, Card, DataList, EmptyState, TextLink } from '../../../web/components/index.ts';
import { formatDate, formatList } from '../../../web/i18n/format.ts';
import { paths } from '../paths.ts';
import { KontoLayout, type KontoFrame } from './konto-frame.tsx';
import { claimNames } from './words.ts';

export type ConsentState = 'given' | 'withdrawn' | 'byLaw';

export interface ServiceRow {
  readonly clientId: string;
  readonly name: string;
  /** Undefined when the service is no client any more. */
  readonly host?: string;
  readonly state?: ConsentState;
  /** ms since the epoch. */
  readonly since: number;
  readonly last: number;
  /** Claims that the last answer with data held. */
  readonly received: readonly string[];
}

export interface ServicesView {
  readonly services: readonly ServiceRow[];
}

export const ConsentBadge = ({ t, state }: Pick<KontoFrame, 't'> & { state: ConsentState }) => (
  <Badge tone={state === 'given' ? 'success' : state === 'withdrawn' ? 'warning' : 'info'}>
    {t.services.state[state]}
  </Badge>
);

export const servicePath = (clientId: string): string => `${paths.services}/${encodeURIComponent(clientId)}`;

export const ServicesPage = (props: ServicesView & KontoFrame) => {
  const { t, page } = props;
  const words = t.services;
  return (
    <KontoLayout page={page} at="services" title={words.title}>
      <p class="bid-lead">{words.lead}</p>
      {props.services.length === 0 ? (
        <EmptyState title={words.emptyTitle}>
          <p class="kern-body">{words.empty}</p>
        </EmptyState>
      ) : null}
      {props.services.map((service) => (
        <Card
          key={service.clientId}
          id={`dienst-${service.clientId}`}
          heading={service.name}
          {...(service.state === undefined ? {} : { badge: <ConsentBadge t={t} state={service.state} /> })}
        >
          <p class="bid-service__host">{service.host ?? words.gone}</p>
          <DataList
            items={[
              {
                label: words.received,
                value:
                  service.received.length === 0
                    ? words.nothing
                    : formatList(page.locale, claimNames(page.locale, service.received)),
              },
              { label: words.last, value: formatDate(page.locale, service.last) },
              { label: words.since, value: formatDate(page.locale, service.since) },
            ]}
          />
          <TextLink href={servicePath(service.clientId)} icon="arrow-forward">
            {words.more({ service: service.name })}
          </TextLink>
        </Card>
      ))}
    </KontoLayout>
  );
};
