import { PasskeyForm } from '../../../web/components/index.ts';
import type { PasskeyRequest } from '../../authentication/passkey/passkey.ts';
import type { FlowView } from '../views.ts';
import type { Frame } from './frame.tsx';

/** The button for a passkey; where the browser has none of that, a word on it instead. */
export const PasskeyWay = (
  props: FlowView & Frame & { passkey: PasskeyRequest; label: string; weight?: 'primary' | 'secondary' },
) => (
  <div class="bid-way">
    <div data-passkey-box hidden>
      <PasskeyForm
        action={`${props.base}/passkey`}
        csrf={props.csrf}
        ceremony={{ kind: 'get', options: props.passkey }}
        label={props.label}
        failed={props.t.passkey.failed}
        {...(props.weight === undefined ? {} : { weight: props.weight })}
      />
    </div>
    <p class="kern-body" data-passkey-missing>
      {props.t.passkey.missing}
    </p>
  </div>
);
