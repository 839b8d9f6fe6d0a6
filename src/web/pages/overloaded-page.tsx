import type { VNode } from 'preact';
import { assetUrl } from '../assets.ts';
import { groundMessages } from '../page-context.ts';
import { locales } from '../i18n/shape.ts';

/**
 * For whoever is sent away because too many come at once: the same page for everybody, in both languages, so that it is made
 * once and costs nothing.
 *
 * @param again whether the address can be asked for again; what was posted can only be sent again from the page before
 */
export const overloadedPage = ({ seconds, again }: { seconds: number; again: boolean }): VNode => {
  const title = locales.map((locale) => groundMessages(locale).errors.unavailable.title).join(' · ');
  return (
    <html lang="de">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        <link rel="stylesheet" href={assetUrl('kern.css')} />
        <link rel="stylesheet" href={assetUrl('site.css')} />
        <link rel="icon" href={assetUrl('sign.svg')} type="image/svg+xml" />
      </head>
      <body>
        <main class="bid-main">
          <div class="bid-bounds bid-column">
            <h1 class="kern-heading-large bid-h1">
              {groundMessages('de').errors.unavailable.title} ·{' '}
              <span lang="en">{groundMessages('en').errors.unavailable.title}</span>
            </h1>
            {locales.map((locale) => {
              const { overloaded, retryIn } = groundMessages(locale);
              return (
                <section key={locale} class="bid-card" lang={locale}>
                  <p class="kern-body">{overloaded.what}</p>
                  <p class="kern-body">{retryIn({ seconds })}</p>
                  {again ? (
                    <p class="kern-body">
                      <a class="kern-link" href="">
                        {overloaded.again}
                      </a>
                    </p>
                  ) : (
                    <p class="kern-body">{overloaded.posted}</p>
                  )}
                </section>
              );
            })}
          </div>
        </main>
      </body>
    </html>
  );
};
