import { Layout } from '../../../../web/components/index.ts';
import { EmailCode, emailCodeFrame } from '../../../email-code/EmailCode.tsx';
import type { RegisterCodeView } from '../views.ts';
import { Leave, Progress, ServiceOf, type Frame } from './frame.tsx';

/** The same page whether the address has an account or not: only the mail tells. */
export const RegisterCodePage = (props: RegisterCodeView & Frame) => (
  <Layout page={props.page} {...emailCodeFrame(props)} service={<ServiceOf {...props} />}>
    {props.byCard ? null : <Progress {...props} step={2} />}
    <EmailCode {...props} base={`${props.base}/registrieren`} />
    <div class="bid-back">
      <Leave {...props} />
    </div>
  </Layout>
);
