import { PasswordField, refusal, type Refusal } from '../../web/components/index.ts';
import type { PageContext } from '../../web/page-context.ts';
import { shortestPassword, type PasswordFault } from '../authentication/password/rules.ts';
import { newPasswordTexts } from './texts.ts';

/** What a form for a new password shows. */
export interface NewPasswordView {
  /** The name under which password managers keep it. */
  readonly login: string;
  /** A second factor stands beside it. */
  readonly secondFactor: boolean;
  readonly fault?: PasswordFault;
}

type Props = NewPasswordView & { readonly page: PageContext };

const shortestOf = ({ secondFactor }: Props): number =>
  secondFactor ? shortestPassword.withSecondFactor : shortestPassword.alone;

const messageOf = (props: Props): string | undefined => {
  const { fault, page } = props;
  const words = newPasswordTexts[page.locale].fault;
  if (fault === undefined) return undefined;
  return fault === 'tooShort' ? words.tooShort({ shortest: shortestOf(props) }) : words[fault];
};

/**
 * The fields of a form for a new password. No `minlength`: browsers would stop the form with words of their own, in
 * place of ours that say what to do.
 */
export const NewPasswordFields = (props: Props) => {
  const t = newPasswordTexts[props.page.locale];
  return (
    <>
      <input type="text" name="username" value={props.login} autocomplete="username" hidden readonly />
      <PasswordField
        page={props.page}
        name="password"
        label={t.label}
        hint={t.hint({ shortest: shortestOf(props) })}
        autocomplete="new-password"
        error={messageOf(props)}
      />
    </>
  );
};

/** For the Layout around it; nothing when there is no fault. */
export const newPasswordRefusal = (props: Props): Refusal =>
  refusal(props.page, messageOf(props), 'password', newPasswordTexts[props.page.locale].errorTitle);
