import { Actions, Alert, Card, ConfirmForm, ButtonLink } from '../../../../web/components/index.ts';
import { formatDate } from '../../../../web/i18n/format.ts';
import type { MeansList } from '../../means-list.ts';
import { KontoLayout } from '../konto-frame.tsx';
import type { Frame } from './frame.ts';
import type { Done } from './MeansPage.tsx';

/** POST /konto/zugaenge/codes. */
export interface CodesView {
  readonly csrf: string;
  /** The set there is. */
  readonly set?: NonNullable<MeansList['codes']>;
  /** Just made, and never shown again. */
  readonly fresh?: readonly string[];
  /** Without an app there is nothing that a code stands in for. */
  readonly needsApp: boolean;
  readonly done?: Done;
}

type Props = CodesView & Frame;

/** The browser makes the file: the codes are on this page alone, and nothing could be asked for them again. */
const textFile = (codes: readonly string[]): string =>
  `data:text/plain;charset=utf-8,${encodeURIComponent(`Bayern-ID\n\n${codes.join('\n')}\n`)}`;

const Fresh = ({ t, fresh }: Props & { fresh: readonly string[] }) => (
  <Card id="neue-codes" heading={t.codes.fresh.heading}>
    <p class="kern-body">{t.codes.fresh.text}</p>
    <ol class="bid-recovery" id="codes">
      {fresh.map((code) => (
        <li key={code}>
          <code class="bid-code">{code}</code>
        </li>
      ))}
    </ol>
    <Actions>
      <a class="kern-btn kern-btn--secondary" download={t.codes.fresh.fileName} href={textFile(fresh)}>
        <span class="kern-label">{t.codes.fresh.save}</span>
      </a>
      <button type="button" class="kern-btn kern-btn--secondary" data-print hidden>
        <span class="kern-label">{t.codes.fresh.print}</span>
      </button>
      <button
        type="button"
        class="kern-btn kern-btn--secondary"
        data-copy="codes"
        data-copied={t.codes.fresh.copied}
        hidden
      >
        <span class="kern-label">{t.codes.fresh.copy}</span>
      </button>
    </Actions>
    <p class="bid-passkey__status" id="codes-status" role="status" />
  </Card>
);

export const CodesPage = (props: Props) => {
  const { t, page, set, fresh, needsApp, done } = props;
  const words = t.codes;
  return (
    <KontoLayout page={page} at="means" below title={words.title} heading={words.heading}>
      {done === undefined ? null : <Alert tone="success" title={t.done[done]} announce />}
      {fresh ? (
        <>
          <Alert tone="warning" title={words.fresh.title} announce>
            <p class="kern-body">{words.fresh.once}</p>
          </Alert>
          <Fresh {...props} fresh={fresh} />
        </>
      ) : (
        <Card>
          <p class="kern-body">{words.what}</p>
          {set ? (
            <p class="kern-body">
              {words.left({ left: set.left })} {words.since({ date: formatDate(page.locale, set.createdAt) })}
            </p>
          ) : null}
          {needsApp ? (
            <>
              <p class="kern-body">{words.needsApp}</p>
              <ButtonLink href="/konto/zugaenge/app">{words.toApp}</ButtonLink>
            </>
          ) : (
            <>
              {set ? <p class="kern-body">{words.replaces}</p> : null}
              <ConfirmForm action="/konto/zugaenge/codes" csrf={props.csrf} label={words.button} />
            </>
          )}
        </Card>
      )}
    </KontoLayout>
  );
};
