import type { ComponentChildren } from 'preact';
import { Icon, Layout, type LayoutProps } from '../../../../web/components/index.ts';
import type { PageContext } from '../../../../web/page-context.ts';
import type { Folder } from '../../letters/letter.ts';
import type { PostfachMessages } from '../i18n/messages.ts';
import { folderPath, paths } from '../paths.ts';

export type Place = Folder | 'applications' | 'settings';

/** What every page of the mailbox gets besides its view. */
export interface Frame {
  readonly page: PageContext;
  readonly t: PostfachMessages;
  /** New letters in the inbox. */
  readonly unread: number;
  /** Origin of Bayern-Portal. */
  readonly portal: string;
  /** For the hidden field of forms. */
  readonly csrf: string;
}

const places = ['inbox', 'archive', 'trash', 'applications', 'settings'] as const satisfies readonly Place[];

const addressOf = (place: Place): string =>
  place === 'applications' || place === 'settings' ? paths[place] : folderPath(place);

const NavList = ({ t, unread, portal, at }: Frame & { at: Place }) => (
  <ul class="bid-konto__list">
    {places.map((place) => (
      <li key={place}>
        <a class="bid-konto__link" href={addressOf(place)} aria-current={place === at ? 'page' : undefined}>
          <span>{t.nav.items[place]}</span>
          {place === 'inbox' && unread > 0 ? (
            <span class="bid-count">
              <span aria-hidden="true">{unread > 999 ? '999+' : unread}</span>
              <span class="kern-sr-only">{t.nav.unread({ count: unread })}</span>
            </span>
          ) : null}
        </a>
      </li>
    ))}
    <li>
      <a class="bid-konto__link" href={portal}>
        {t.nav.portal}
      </a>
    </li>
  </ul>
);

const longestTitle = 50;

/** What the title bar has room for, from a text that others wrote. */
const shortTitle = (text: string): string =>
  text.length <= longestTitle ? text : `${text.slice(0, longestTitle - 1).trimEnd()}…`;

/** A page of the mailbox: beside it, or on small screens folded away above it, the way to the others. */
export const PostfachLayout = (
  props: { frame: Frame; at: Place; children: ComponentChildren; back?: { href: string; label: string } } & Pick<
    LayoutProps,
    'title' | 'error' | 'summary'
  >,
) => {
  const { frame, at, children, back, title, ...layout } = props;
  return (
    <Layout page={frame.page} wide title={shortTitle(title)} heading={title} {...layout}>
      <div class="bid-konto bid-konto--wide">
        <nav class="bid-konto__nav" aria-label={frame.t.nav.label}>
          <div class="bid-konto__wide">
            <NavList {...frame} at={at} />
          </div>
          <details class="bid-details bid-konto__narrow">
            <summary>{frame.t.nav.open}</summary>
            <NavList {...frame} at={at} />
          </details>
        </nav>
        <div class="bid-konto__content">
          {back === undefined ? null : (
            <p class="bid-return">
              <a class="bid-navlink" href={back.href}>
                <Icon name="arrow-back" />
                {back.label}
              </a>
            </p>
          )}
          {children}
        </div>
      </div>
    </Layout>
  );
};
