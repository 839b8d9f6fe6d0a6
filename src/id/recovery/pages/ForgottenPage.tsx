import { Button, Card, refusal, Field, Layout, TextLink } from '../../../web/components/index.ts';
import type { ForgottenView } from '../views.ts';
import type { Frame } from './frame.ts';

export const ForgottenPage = (props: ForgottenView & Frame) => {
  const { t, page, fault } = props;
  const words = t.forgotten;
  const message = fault === undefined ? undefined : words.fault[fault];
  return (
    <Layout page={page} title={words.title} {...refusal(page, message, 'login')}>
      <p class="bid-lead">{words.lead}</p>
      <Card>
        <form class="bid-form" method="post" action="/passwort-vergessen">
          <input type="hidden" name="csrf" value={props.csrf} />
          {props.from === undefined ? null : <input type="hidden" name="zurueck" value={props.from} />}
          <Field
            page={page}
            name="login"
            label={words.login}
            hint={words.hint}
            autocomplete="username"
            verbatim
            value={props.login}
            error={message}
          />
          <Button>{words.button}</Button>
        </form>
      </Card>
      <p class="kern-body">{words.card}</p>
      {props.from === undefined ? null : <TextLink href={props.from}>{words.back}</TextLink>}
    </Layout>
  );
};

/** The same for everybody. */
export const SentPage = ({ t, page }: Frame) => {
  const words = t.sent;
  return (
    <Layout page={page} title={words.title}>
      <Card>
        <p class="kern-body">{words.lead}</p>
        <p class="kern-body">{words.life}</p>
      </Card>
      <Card id="nichts" heading={words.nothing}>
        <ul class="bid-list">
          {words.points.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
        <TextLink href="/passwort-vergessen">{words.again}</TextLink>
      </Card>
    </Layout>
  );
};

export const GonePage = ({ t, page }: Frame) => (
  <Layout page={page} title={t.gone.title}>
    <Card>
      <p class="kern-body">{t.gone.lead}</p>
      <TextLink href="/passwort-vergessen">{t.gone.again}</TextLink>
    </Card>
  </Layout>
);
