import type { Context } from 'koa';
import type { ComponentChildren, VNode } from 'preact';
import { Icon, Layout, type LayoutProps } from '../../../web/components/index.ts';
import { messages, pageContext, type PageContext } from '../../../web/page-context.ts';
import { renderPage } from '../../../web/render.ts';
import { paths, type AccountPageName } from '../paths.ts';
import { kontoTexts, type KontoMessages } from '../texts/konto.ts';

/** What every one of these pages gets besides its view. */
export interface KontoFrame {
  readonly t: KontoMessages;
  readonly page: PageContext;
}

export type KontoPage<View> = (props: View & KontoFrame) => VNode;

/** Answers with one of these pages, in the language of the response. */
export const showKonto = <View extends object>(
  ctx: Context,
  Page: KontoPage<View>,
  view: View,
  status?: number,
): void => {
  renderPage(ctx, Page({ ...view, t: messages(ctx, kontoTexts), page: pageContext(ctx) }), status);
};

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

const NavList = ({ t, at }: { t: KontoMessages; at: AccountPageName }) => (
  <ul class="bid-konto__list">
    {order.map((name) => (
      <li key={name}>
        <a class="bid-konto__link" href={paths[name]} aria-current={name === at ? 'page' : undefined}>
          {t.nav.items[name]}
        </a>
      </li>
    ))}
  </ul>
);

/** A page of Mein Konto: beside it, or on small screens folded away above it, the way to the others. */
export const KontoLayout = (
  props: KontoFrame &
    Pick<LayoutProps, 'title' | 'heading' | 'error' | 'summary'> & {
      readonly at: AccountPageName;
      readonly children: ComponentChildren;
    },
) => {
  const { t, page, at, children, ...layout } = props;
  return (
    <Layout page={page} wide {...layout}>
      <div class="bid-konto">
        <nav class="bid-konto__nav" aria-label={t.nav.label}>
          <div class="bid-konto__wide">
            <NavList t={t} at={at} />
          </div>
          <details class="bid-details bid-konto__narrow">
            <summary>{t.nav.open}</summary>
            <NavList t={t} at={at} />
          </details>
        </nav>
        <div class="bid-konto__content">
          {children}
          {at === 'home' ? null : (
            <p class="bid-return bid-konto__back">
              <a class="bid-navlink" href={paths.home}>
                <Icon name="arrow-back" />
                {t.nav.back}
              </a>
            </p>
          )}
        </div>
      </div>
    </Layout>
  );
};
