import type { ComponentChildren } from 'preact';
import { Layout, TextLink, type LayoutProps } from '../../../web/components/index.ts';
import type { PageContext } from '../../../web/page-context.ts';
import { showWith, type Frame, type PageOf } from '../../../web/show.ts';
import { paths, type AccountPageName } from '../paths.ts';
import { kontoTexts, type KontoMessages } from '../texts/konto.ts';

/** What the pages that show, change and take away get besides their view. */
export type KontoFrame = Frame<KontoMessages>;

export type KontoPage<View> = PageOf<View, KontoMessages>;

/** Answers with one of these pages, in the language of the response. */
export const showKonto = showWith(kontoTexts);

const order = [
  'home',
  'data',
  'means',
  'sessions',
  'services',
  'activities',
  'notices',
  'language',
  'export',
  'deletion',
] as const satisfies readonly AccountPageName[];

interface Place {
  readonly page: PageContext;
  /** The page of the navigation that this is, or that it belongs to. */
  readonly at: AccountPageName;
  /** It stands below that page and leads back to it. */
  readonly below?: boolean;
}

const NavList = ({ page, at, below }: Place) => (
  <ul class="bid-konto__list">
    {order.map((name) => (
      <li key={name}>
        <a
          class="bid-konto__link"
          href={paths[name]}
          aria-current={name !== at ? undefined : below === true ? 'true' : 'page'}
        >
          {kontoTexts[page.locale].nav.items[name]}
        </a>
      </li>
    ))}
  </ul>
);

/** To the page above; beside the navigation the first page needs no link of its own. */
const Up = ({ page, at, below }: Place) => {
  const { back, backTo, items } = kontoTexts[page.locale].nav;
  if (below === true)
    return (
      <p class="kern-body bid-back">
        <TextLink href={paths[at]} icon="arrow-back">
          {backTo({ page: items[at] })}
        </TextLink>
      </p>
    );
  return at === 'home' ? null : (
    <p class="kern-body bid-back bid-konto__back">
      <TextLink href={paths.home} icon="arrow-back">
        {back}
      </TextLink>
    </p>
  );
};

/** A page of Mein Konto: beside it, or on small screens folded away above it, the way to the others. */
export const KontoLayout = (
  props: Place &
    Pick<LayoutProps, 'title' | 'heading' | 'error' | 'summary'> & { readonly children: ComponentChildren },
) => {
  const { at, below, children, ...layout } = props;
  const place: Place = { page: props.page, at, ...(below === undefined ? {} : { below }) };
  const { nav } = kontoTexts[props.page.locale];
  return (
    <Layout wide {...layout}>
      <div class="bid-konto">
        <nav class="bid-konto__nav" aria-label={nav.label}>
          <div class="bid-konto__wide">
            <NavList {...place} />
          </div>
          <details class="bid-details bid-konto__narrow">
            <summary>{nav.open}</summary>
            <NavList {...place} />
          </details>
        </nav>
        <div class="bid-konto__content">
          {children}
          <Up {...place} />
        </div>
      </div>
    </Layout>
  );
};
