import {
  Actions,
  Alert,
  Button,
  Card,
  ConfirmForm,
  Details,
  Field,
  refusal,
  type Refusal,
} from '../../web/components/index.ts';
import { formatTime } from '../../web/i18n/format.ts';
import type { PageContext } from '../../web/page-context.ts';
import { emailCodeTexts } from './texts.tsx';

export type EmailCodeFault = 'empty' | 'wrong' | 'spent' | 'gone' | 'tooMany';

/** An address waits for the code that was mailed to it. */
export interface EmailCodeView {
  readonly csrf: string;
  readonly email: string;
  /** ms since the epoch. */
  readonly validUntil: number;
  /** From the link in the mail. */
  readonly code?: string;
  readonly fault?: EmailCodeFault;
  readonly sentAgain: boolean;
}

/** POST {base}/code (code) · POST {base}/neuer-code · POST {base}/andere-adresse. */
type Props = EmailCodeView & { readonly page: PageContext; readonly base: string; readonly note?: string };

/** What is said of the field itself; that too many mails were asked for is not. */
const ofField = ({ fault, page }: Props): string | undefined =>
  fault === undefined || fault === 'tooMany' ? undefined : emailCodeTexts[page.locale].fault[fault];

/** Title and error of the page around it. */
export const emailCodeFrame = (props: Omit<Props, 'base' | 'note'>): { readonly title: string } & Refusal => {
  const words = emailCodeTexts[props.page.locale];
  const { fault, page } = props;
  const shown =
    fault === 'tooMany'
      ? refusal(page, words.fault.tooMany, undefined, words.notSent)
      : refusal(page, fault && words.fault[fault], 'code');
  return { title: words.title, ...shown };
};

/** One field for the code (WCAG 3.3.8), and what to do when no mail comes. */
export const EmailCode = (props: Props) => {
  const { page, base, csrf, fault } = props;
  const words = emailCodeTexts[page.locale];
  return (
    <>
      {props.sentAgain && fault === undefined ? <Alert tone="info" title={words.again} announce /> : null}
      <Card>
        <p class="kern-body">{words.lead({ email: props.email })}</p>
        <p class="kern-body">
          {words.validUntil({ time: formatTime(page.locale, props.validUntil) })} {props.note}
        </p>
        <form class="bid-form" method="post" action={`${base}/code`}>
          <input type="hidden" name="csrf" value={csrf} />
          <Field
            page={page}
            name="code"
            label={words.label}
            hint={words.hint}
            autocomplete="one-time-code"
            inputmode="numeric"
            verbatim
            value={props.code}
            error={ofField(props)}
          />
          <Button>{words.button}</Button>
        </form>
      </Card>
      <Details summary={words.nothing} open={fault === 'spent' || fault === 'gone'}>
        <p class="kern-body">{words.nothingText}</p>
        <Actions>
          <ConfirmForm action={`${base}/neuer-code`} csrf={csrf} label={words.resend} weight="secondary" />
          <ConfirmForm action={`${base}/andere-adresse`} csrf={csrf} label={words.change} weight="secondary" />
        </Actions>
      </Details>
    </>
  );
};
