import type { VNode } from 'preact';
import type { MailContent, MailLink } from './content.ts';
import { look, sheet, type LookName } from './look.ts';

const Text = (props: { look?: LookName; children: string }) => <p {...look(props.look ?? 'text')}>{props.children}</p>;

const Choice = ({ link }: { link: MailLink }) => (
  <a {...look('choice')} href={link.href}>
    {link.label}
  </a>
);

/**
 * The one layout of every mail: no image, no script, nothing that is loaded, so that opening it tells nobody. Mail
 * programs put it into a page of their own and drop `html` and `body`: language and colours stand further in as well.
 */
export const MailLayout = ({ mail }: { mail: MailContent }): VNode => {
  const { testing, code, action, second, deny } = mail;
  return (
    <html lang={mail.locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>{mail.subject}</title>
        <style>{sheet}</style>
      </head>
      <body {...look('body')}>
        <div {...look('page')} lang={mail.locale}>
          {testing === undefined ? null : <Text look="testing">{testing}</Text>}
          <Text look="brand">{mail.brand}</Text>
          <div {...look('card')}>
            <h1 {...look('heading')}>{mail.heading}</h1>
            <Text>{mail.greeting}</Text>
            {mail.paragraphs.map((paragraph) => (
              <Text key={paragraph}>{paragraph}</Text>
            ))}
            {mail.service === undefined ? null : <Text>{mail.service}</Text>}
            {code === undefined ? null : (
              <>
                <Text look="label">{code.label}</Text>
                <Text look="code">{code.value}</Text>
              </>
            )}
            {action === undefined ? null : (
              <>
                <p {...look('text')}>
                  <a {...look('button')} href={action.href}>
                    {action.label}
                  </a>
                </p>
                <p {...look('address')}>
                  {action.copy}
                  <br />
                  <a {...look('link')} href={action.href}>
                    {action.href}
                  </a>
                </p>
              </>
            )}
            {second === undefined ? null : (
              <p {...look('text')}>
                <Choice link={second} />
              </p>
            )}
            {mail.after.map((paragraph) => (
              <Text key={paragraph}>{paragraph}</Text>
            ))}
            {deny === undefined ? null : (
              <p {...look('deny')}>
                {deny.text}
                <br />
                <Choice link={deny} />
              </p>
            )}
            <Text look="closing">{mail.closing}</Text>
          </div>
          <div {...look('footer')}>
            {mail.footer.map((note) => (
              <Text key={note} look="note">
                {note}
              </Text>
            ))}
          </div>
        </div>
      </body>
    </html>
  );
};
