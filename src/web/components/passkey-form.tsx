import type { ComponentChildren } from 'preact';
import { assetUrl } from '../assets.ts';
import { Button } from './buttons.tsx';

/** What the browser's credential API is asked; its JSON form (WebAuthn 5.1.10). */
export type PasskeyCeremony = { readonly kind: 'get' | 'create'; readonly options: object };

/**
 * A form whose field `answer` the browser's credential API fills, by our script. Whatever bears `data-passkey-box` around
 * it is hidden until the script has found that the browser can do it.
 */
export const PasskeyForm = (props: {
  action: string;
  csrf: string;
  ceremony: PasskeyCeremony;
  label: string;
  weight?: 'primary' | 'secondary';
  block?: boolean;
  /** Offers passkeys in the field for the user name, too. */
  autofill?: boolean;
  /** Said when the browser did not answer: ended, or no passkey there. */
  failed: string;
  /** Said when the device has one for this account already. */
  taken?: string;
  /** More fields, above the button. */
  children?: ComponentChildren;
}) => (
  <>
    <form
      class="bid-form"
      method="post"
      action={props.action}
      data-passkey={JSON.stringify(props.ceremony)}
      data-autofill={props.autofill === true ? '' : undefined}
    >
      <input type="hidden" name="csrf" value={props.csrf} />
      <input type="hidden" name="answer" value="" />
      {props.children}
      <Button weight={props.weight ?? 'primary'} {...(props.block === undefined ? {} : { block: props.block })}>
        {props.label}
      </Button>
      <p class="bid-passkey__status" role="status" data-failed={props.failed} data-taken={props.taken} />
    </form>
    <script src={assetUrl('passkey.js')} defer />
  </>
);
