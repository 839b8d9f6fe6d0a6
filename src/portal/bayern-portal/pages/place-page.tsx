import type { VNode } from 'preact';
import { Layout, TextLink } from '../../../web/components/index.ts';
import { listPath, type ListQuery } from '../paths.ts';
import type { Place } from '../places/places.ts';
import type { Frame } from './frame.ts';
import { Notes } from './notes.tsx';

/** Several places have the name or the postal code that was typed. */
export const placePage = (
  view: { readonly query: ListQuery; readonly found: readonly Place[] },
  frame: Frame,
): VNode => {
  const { t, page } = frame;
  const { query, found } = view;
  return (
    <Layout page={page} title={t.place.title}>
      <p class="kern-body bid-lead">{t.place.lead({ typed: query.place })}</p>
      <ul class="bid-rows" aria-label={t.place.title}>
        {found.map((place) => (
          <li key={place.id} class="bid-row bid-result">
            <a class="bid-result__link bid-result__title" href={listPath({ ...query, place: place.id })}>
              {place.name}
            </a>
            <p class="bid-result__summary">
              {place.countyName}, {t.place.codes({ codes: place.postalCodes })}
            </p>
          </li>
        ))}
      </ul>
      <p class="kern-body">
        <TextLink href={listPath({ ...query, place: '' })}>{t.place.without}</TextLink>
      </p>
      <Notes frame={frame} />
    </Layout>
  );
};
