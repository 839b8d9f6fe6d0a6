import { Alert, Card, TextLink } from '../../../web/components/index.ts';
import type { Locale } from '../../../web/i18n/shape.ts';
import { paths } from '../paths.ts';
import { KontoLayout, type KontoFrame } from './konto-frame.tsx';

export interface NoticesView {
  readonly email?: string;
  /** Of the mails. */
  readonly language: Locale;
}

export const NoticesPage = (props: NoticesView & KontoFrame) => {
  const { t, page, email } = props;
  const words = t.notices;
  return (
    <KontoLayout page={page} at="notices" title={words.title}>
      <p class="bid-lead">{words.lead}</p>
      {email === undefined ? (
        <Alert tone="warning" title={words.noAddressTitle}>
          <p class="kern-body">{words.noAddress}</p>
          <TextLink href={paths.means}>{words.add}</TextLink>
        </Alert>
      ) : (
        <p class="kern-body">{words.to({ email })}</p>
      )}
      <Card id="sicherheit" heading={words.alwaysTitle}>
        <ul class="bid-list">
          {words.always.map((mail) => (
            <li key={mail}>{mail}</li>
          ))}
        </ul>
        <p class="kern-body">{words.alwaysWhy}</p>
      </Card>
      <Card id="unbenutzt" heading={words.inactiveTitle}>
        <p class="kern-body">{words.inactive}</p>
      </Card>
      <Card id="sprache" heading={words.languageTitle}>
        <p class="kern-body">{words.language({ language: t.language.names[props.language] })}</p>
        <TextLink href={paths.language}>{words.languageLink}</TextLink>
      </Card>
    </KontoLayout>
  );
};
