import { Alert, Button, Card, Choice, ErrorSummary } from '../../../web/components/index.ts';
import { locales, type Locale } from '../../../web/i18n/shape.ts';
import { paths } from '../paths.ts';
import { KontoLayout, type KontoFrame } from './konto-frame.tsx';

export const themeNames = ['system', 'light', 'dark'] as const;
export type ThemeName = (typeof themeNames)[number];

export interface LanguageView {
  readonly csrf: string;
  readonly locale: Locale;
  readonly theme: ThemeName;
  readonly saved: boolean;
  readonly error: boolean;
}

export const LanguagePage = (props: LanguageView & KontoFrame) => {
  const { t, page } = props;
  const words = t.language;
  return (
    <KontoLayout
      page={page}
      at="language"
      title={words.title}
      error={props.error}
      summary={
        props.error ? (
          <ErrorSummary title={page.common.errorSummary} errors={[{ message: words.error, field: 'locale' }]} />
        ) : undefined
      }
    >
      <p class="bid-lead">{words.lead}</p>
      {props.saved ? <Alert tone="success" title={t.saved} announce /> : null}
      <Card>
        <form class="bid-form" method="post" action={paths.language}>
          <input type="hidden" name="csrf" value={props.csrf} />
          <Choice
            name="locale"
            legend={words.languageLegend}
            chosen={props.locale}
            options={locales.map((value) => ({ value, label: words.names[value], lang: value }))}
          />
          <Choice
            name="theme"
            legend={words.themeLegend}
            chosen={props.theme}
            options={themeNames.map((value) => ({ value, label: words.themes[value] }))}
          />
          <Button>{words.save}</Button>
        </form>
      </Card>
    </KontoLayout>
  );
};
