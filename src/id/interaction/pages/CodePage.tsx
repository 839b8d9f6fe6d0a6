import { Actions, Button, Card, ConfirmForm, Field, Layout, refusal, TextLink } from '../../../web/components/index.ts';
import type { CodeView } from '../views.ts';
import { Back, Service, type Frame } from './frame.tsx';

/** After a right password: the code beside it. One field, blanks allowed (WCAG 3.3.8). */
export const CodePage = (props: CodeView & Frame) => {
  const { t, page, base, error } = props;
  const words = t.code[props.with];
  const message =
    error === undefined ? undefined : error === 'wrong' || error === 'empty' ? words.error[error] : t.code.error[error];
  return (
    <Layout
      page={page}
      title={t.code.title}
      {...refusal(page, message, 'code', t.code.errorTitle)}
      service={<Service {...props} login />}
    >
      <Card id="sicherheitscode" heading={words.heading}>
        <p class="kern-body">{words.lead}</p>
        <form class="bid-form" method="post" action={`${base}/code`}>
          <input type="hidden" name="csrf" value={props.csrf} />
          <input type="hidden" name="with" value={props.with} />
          <Field
            page={page}
            name="code"
            label={words.label}
            hint={words.hint}
            autocomplete={props.with === 'app' ? 'one-time-code' : 'off'}
            inputmode={props.with === 'app' ? 'numeric' : 'text'}
            verbatim
            error={message}
          />
          <Button>{t.code.button}</Button>
        </form>
        <ul class="bid-links">
          <li>
            <TextLink href={props.with === 'app' ? `${base}?mit=wiederherstellung` : base}>{words.other}</TextLink>
          </li>
        </ul>
      </Card>
      <Actions>
        <ConfirmForm action={`${base}/code/zurueck`} csrf={props.csrf} label={t.otherWay} weight="secondary" />
        <Back {...props} />
      </Actions>
    </Layout>
  );
};
