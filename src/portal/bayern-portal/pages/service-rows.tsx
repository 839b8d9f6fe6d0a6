import { LevelBadge } from '../../../web/components/index.ts';
import { brandView } from '../../../web/branding.ts';
import { servicePath } from '../paths.ts';
import type { Authority, Service } from '../services/catalogue.ts';
import type { ServiceGroup } from '../services/listing.ts';
import type { Frame } from './frame.ts';

/** An authority's sign, where it has one; its name always stands beside it. */
export const Logo = ({ authority }: { authority: Authority }) => {
  const logo = brandView(authority.id, authority.branding)?.logo;
  return logo === undefined ? null : <img class="bid-logo" src={logo} alt="" />;
};

interface RowProps {
  readonly frame: Frame;
  readonly group: ServiceGroup;
  /** Id of the place that was chosen. */
  readonly place: string | undefined;
}

const Offer = ({ frame, service, place }: { frame: Frame; service: Service; place: string | undefined }) => (
  <li>
    <a class="kern-link" href={servicePath(service, place)}>
      {service.authority.name[frame.page.locale]}
      <span class="kern-sr-only">: {service.title[frame.page.locale]}</span>
    </a>
  </li>
);

/** One service. Where several authorities offer it, the citizen chooses hers. */
const Row = ({ frame, group, place }: RowProps) => {
  const { locale } = frame.page;
  const [service, ...others] = group.services;
  return (
    <li class="bid-row bid-result">
      <h3 class="bid-result__title">
        {others.length === 0 ? (
          <a class="bid-result__link" href={servicePath(service, place)}>
            {service.title[locale]}
          </a>
        ) : (
          service.title[locale]
        )}
      </h3>
      <p class="bid-result__summary">{service.summary[locale]}</p>
      {others.length === 0 ? null : (
        <div class="bid-result__offers">
          <span>{frame.t.list.offeredBy}</span>
          <ul>
            {group.services.map((one) => (
              <Offer key={one.id} frame={frame} service={one} place={place} />
            ))}
          </ul>
        </div>
      )}
      <div class="bid-result__foot">
        <LevelBadge page={frame.page} level={service.level} as="needed" />
        {others.length > 0 ? null : (
          <span class="bid-result__authority">
            <Logo authority={service.authority} />
            {service.authority.name[locale]}
          </span>
        )}
      </div>
    </li>
  );
};

/** Services one below the other. Their headings are of the third level. */
export const ServiceRows = (props: {
  frame: Frame;
  groups: readonly ServiceGroup[];
  place?: string | undefined;
  label: string;
}) => (
  <ul class="bid-rows" aria-label={props.label}>
    {props.groups.map((group) => (
      <Row key={group.services[0].id} frame={props.frame} group={group} place={props.place} />
    ))}
  </ul>
);
