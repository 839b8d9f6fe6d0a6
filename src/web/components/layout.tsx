import type { ComponentChildren } from 'preact';
import { locales } from '../i18n/shape.ts';
import type { PageContext } from '../page-context.ts';
import { safePath, withReturn } from '../safe-path.ts';
import { Icon } from './icon.tsx';
import { Sign } from './sign.tsx';

export interface LayoutProps {
  readonly page: PageContext;
  /** For the title bar, and the heading unless that is given. */
  readonly title: string;
  readonly heading?: string;
  /** The page tells of an error: the title says so first. */
  readonly error?: boolean;
  /** Room for two cards side by side; text and forms stay narrow. */
  readonly wide?: boolean;
  /** Shown above the heading: the ErrorSummary. */
  readonly summary?: ComponentChildren;
  /** Shown below the heading: the ServiceBar. */
  readonly service?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** Help and legal pages that are opened in the middle of a login lead back to it, also from one to the other. */
const asideOf = (props: Pick<LayoutProps, 'page' | 'service'>): ((path: string) => string) => {
  const back = props.page.back ?? (props.service === undefined ? undefined : props.page.path);
  return (path) => (back === undefined ? path : withReturn(path, back));
};

const TestBar = ({ page }: { page: PageContext }) => (
  <div class="bid-test">
    <p class="bid-bounds">
      <strong>{page.common.testBar.title}</strong> {page.common.testBar.text}
    </p>
  </div>
);

const Account = ({ page }: { page: PageContext }) => {
  const account = page.account;
  if (account === undefined) return null;
  const name =
    account.href === undefined ? (
      <strong>{account.name}</strong>
    ) : (
      <a class="kern-link" href={safePath(account.href)}>
        {account.name}
      </a>
    );
  return (
    <div class="bid-account">
      <p class="bid-account__name">
        <Icon name="account-circle" />
        <span>
          {page.common.account.loggedInAs} {name}
        </span>
      </p>
      {account.logout === undefined ? null : (
        <form method="post" action={account.logout.action}>
          <input type="hidden" name="csrf" value={account.logout.csrf} />
          <button class="bid-linkbutton" type="submit">
            <Icon name="logout" />
            {page.common.account.logout}
          </button>
        </form>
      )}
    </div>
  );
};

const Header = ({ page, aside }: { page: PageContext; aside: (path: string) => string }) => {
  const t = page.common;
  const { name, tagline } = t.parts[page.part];
  return (
    <header class="bid-header">
      {page.testEnvironment ? <TestBar page={page} /> : null}
      <div class="bid-bounds bid-header__row">
        <a class="bid-brand" href="/">
          <Sign />
          <span class="bid-brand__text">
            <span class="bid-brand__name">{name}</span>
            <span class="bid-brand__tagline">{tagline}</span>
            <span class="kern-sr-only">{t.home}</span>
          </span>
        </a>
        <nav class="bid-header__nav" aria-label={t.nav.head}>
          <ul>
            <li>
              <a class="bid-navlink" href={aside('/leichte-sprache')}>
                <Icon name="easy-language" />
                {t.easyLanguage}
              </a>
            </li>
            <li>
              <a class="bid-navlink" href={aside('/gebaerdensprache')}>
                <Icon name="sign-language" />
                {t.signLanguage}
              </a>
            </li>
            {locales
              .filter((locale) => locale !== page.locale)
              .map((locale) => (
                <li key={locale}>
                  <a
                    class="bid-navlink"
                    href={withReturn(`/sprache/${locale}`, page.path)}
                    lang={locale}
                    hreflang={locale}
                  >
                    <Icon name="language" />
                    {t.switchTo[locale]}
                  </a>
                </li>
              ))}
          </ul>
        </nav>
        <Account page={page} />
      </div>
    </header>
  );
};

const footerLinks = [
  ['help', '/hilfe'],
  ['privacy', '/datenschutz'],
  ['accessibility', '/barrierefreiheit'],
  ['report', '/barriere-melden'],
  ['imprint', '/impressum'],
  ['licences', '/lizenzen'],
] as const;

const themePaths = [
  ['system', '/darstellung/system', undefined],
  ['light', '/darstellung/hell', 'light'],
  ['dark', '/darstellung/dunkel', 'dark'],
] as const;

interface FooterProps {
  readonly page: PageContext;
  readonly aside: (path: string) => string;
  /** Nobody in the middle of a login is led away to pages that do not lead back. */
  readonly inFlow: boolean;
}

const Footer = ({ page, aside, inFlow }: FooterProps) => {
  const t = page.common;
  return (
    <footer class="bid-footer">
      <div class="bid-bounds">
        <nav aria-label={t.nav.foot}>
          <ul class="bid-footer__links">
            {footerLinks.map(([key, href]) => (
              <li key={key}>
                <a class="bid-footlink" href={aside(href)}>
                  {t.footer[key]}
                </a>
              </li>
            ))}
            {page.part === 'id' && !inFlow ? (
              <li>
                <a class="bid-footlink" href="/entwickler">
                  {t.footer.developers}
                </a>
              </li>
            ) : null}
          </ul>
        </nav>
        <div class="bid-footer__end">
          <p class="bid-footer__note">{t.demonstration}</p>
          <nav aria-label={t.nav.theme}>
            <span class="bid-theme__label" aria-hidden="true">
              {t.theme.label}
            </span>
            <ul class="bid-theme">
              {themePaths.map(([key, path, theme]) => (
                <li key={key}>
                  <a
                    class="bid-theme__choice"
                    href={withReturn(path, page.path)}
                    aria-current={page.theme === theme ? 'true' : undefined}
                  >
                    {t.theme[key]}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        </div>
      </div>
    </footer>
  );
};

/** The frame of every page. */
export const Layout = (props: LayoutProps) => {
  const { page } = props;
  const t = page.common;
  const heading = props.heading ?? props.title;
  const aside = asideOf(props);
  const named = t.titleOf({ title: props.title, part: t.parts[page.part].name });
  return (
    <html lang={page.locale} data-kern-theme={page.theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={page.theme ?? 'light dark'} />
        <meta name="robots" content="noindex" />
        <title>{props.error === true ? t.errorTitle({ title: named }) : named}</title>
        {page.assets.styles.map((href) => (
          <link key={href} rel="stylesheet" href={href} />
        ))}
        <link rel="icon" href={page.assets.icon} type="image/svg+xml" />
        <script src={page.assets.script} defer />
      </head>
      <body>
        <a class="bid-skip" href="#inhalt">
          {t.skip}
        </a>
        <Header page={page} aside={aside} />
        <main id="inhalt" class="bid-main" tabIndex={-1}>
          <div class={props.wide === true ? 'bid-bounds' : 'bid-bounds bid-column'}>
            {props.summary}
            <h1 class="kern-heading-large bid-h1">{heading}</h1>
            {props.service}
            {page.back === undefined ? null : (
              <p class="bid-return">
                <a class="bid-navlink" href={safePath(page.back)}>
                  <Icon name="arrow-back" />
                  {t.back}
                </a>
              </p>
            )}
            {props.children}
          </div>
        </main>
        <Footer page={page} aside={aside} inFlow={page.back !== undefined || props.service !== undefined} />
      </body>
    </html>
  );
};
