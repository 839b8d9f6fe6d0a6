import {
  Alert,
  Card,
  CardRow,
  Checklist,
  ConfirmForm,
  Layout,
  LevelBadge,
  LevelExplanation,
  TextLink,
} from '../../../../web/components/index.ts';
import { withReturn } from '../../../../web/safe-path.ts';
import type { RegisterView } from '../views.ts';
import { Leave, ServiceOf, type Frame } from './frame.tsx';

type Props = RegisterView & Frame;

const ByEmail = (props: Props) => {
  const words = props.t.register;
  return (
    <Card id="e-mail" heading={words.email.heading} badge={<LevelBadge page={props.page} level="basic" />}>
      <p class="kern-body">{words.email.text}</p>
      <p class="kern-body">{words.need}</p>
      <Checklist items={words.email.needs} />
      <div class="bid-push">
        <ConfirmForm
          action={`${props.base}/registrieren`}
          csrf={props.csrf}
          label={words.email.button}
          icon="arrow-forward"
          block
        />
      </div>
    </Card>
  );
};

const ByCard = (props: Props) => {
  const { flow, page } = props;
  const words = props.t.register;
  return (
    <Card id="online-ausweis" heading={words.card.heading} badge={<LevelBadge page={page} level="high" />}>
      <p class="kern-body">{words.card.text}</p>
      <p class="kern-body">{words.need}</p>
      <Checklist items={flow.login.eid.needs} />
      <div class="bid-push">
        <ConfirmForm
          action={`${props.base}/eid`}
          csrf={props.csrf}
          fields={{ registrieren: '1' }}
          label={words.card.button}
          icon="arrow-forward"
          block
        />
        <ul class="bid-links">
          <li>
            <TextLink href={withReturn('/hilfe/online-ausweis', page.path)}>{flow.whatIsEid}</TextLink>
          </li>
        </ul>
      </div>
    </Card>
  );
};

/** What an account is for, what one needs, and the two ways to it. */
export const RegisterPage = (props: Props) => {
  const { t, flow, page, service, off } = props;
  const words = t.register;
  return (
    <Layout page={page} title={words.title} wide service={<ServiceOf {...props} />}>
      <p class="bid-lead">{words.lead}</p>
      {off.map((method) => (
        <Alert key={method} tone="warning" title={flow.off[method].title}>
          <p class="kern-body">{flow.off[method].text}</p>
        </Alert>
      ))}
      {props.needsCard ? (
        <p class="kern-body">
          {words.needsCard({ service: service.name, level: page.common.level.name[service.wanted] })}
        </p>
      ) : null}
      <LevelExplanation page={page} />
      <CardRow>
        {off.includes('password') ? null : <ByEmail {...props} />}
        {off.includes('eid') ? null : <ByCard {...props} />}
      </CardRow>
      <p class="kern-body bid-back">
        {words.have} <TextLink href={`${props.base}/konto-vorhanden`}>{words.login}</TextLink>
      </p>
      <ul class="bid-links">
        <li>
          <TextLink href={withReturn('/datenschutz', page.path)}>{words.privacy}</TextLink>
        </li>
      </ul>
      <div class="bid-back">
        <Leave {...props} />
      </div>
    </Layout>
  );
};
