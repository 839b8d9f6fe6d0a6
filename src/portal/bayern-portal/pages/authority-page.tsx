import type { VNode } from 'preact';
import { Card, DataList, Layout } from '../../../web/components/index.ts';
import type { Authority, Service } from '../services/catalogue.ts';
import { AuthorityBlock, inColoursOf } from './authority-block.tsx';
import type { Frame } from './frame.ts';
import { Notes } from './notes.tsx';
import { ServiceRows } from './service-rows.tsx';

export interface AuthorityView {
  readonly authority: Authority;
  readonly services: readonly Service[];
  /** Of the county of its area; undefined for the state. */
  readonly county?: string | undefined;
}

const areaText = ({ authority: { area }, county }: AuthorityView, { t }: Frame): string => {
  if (area === 'bayern') return t.authority.areaOf.state;
  return 'municipality' in area
    ? t.authority.areaOf.municipality({ place: area.municipality })
    : t.authority.areaOf.county({ county: county ?? area.county });
};

/** An authority: where it is, for whom, and what it offers. */
export const authorityPage = (view: AuthorityView, frame: Frame): VNode => {
  const { t, page } = frame;
  const { authority, services } = view;
  const { locale } = page;
  const { office } = authority;
  return (
    <Layout page={inColoursOf(page, authority)} title={authority.name[locale]} wide>
      <AuthorityBlock frame={frame} authority={authority} department={areaText(view, frame)} />
      <Card id="anschrift" heading={t.authority.contact}>
        <DataList
          items={[
            { label: t.authority.area, value: areaText(view, frame) },
            ...(office === undefined ? [] : [{ label: t.authority.address, value: office.address.join(', ') }]),
            ...(office?.hours === undefined ? [] : [{ label: t.authority.hours, value: office.hours[locale] }]),
          ]}
        />
      </Card>
      <section class="bid-section" aria-labelledby="leistungen-titel">
        <h2 class="kern-heading-medium bid-h2" id="leistungen-titel">
          {t.authority.services}
        </h2>
        <ServiceRows
          frame={frame}
          groups={services.map((service) => ({ services: [service] as const }))}
          label={t.authority.services}
        />
      </section>
      <Notes frame={frame} />
    </Layout>
  );
};
