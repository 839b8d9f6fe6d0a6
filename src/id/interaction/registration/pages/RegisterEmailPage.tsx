import {
  Actions,
  Button,
  Card,
  ConfirmForm,
  DataList,
  Field,
  Layout,
  refusal,
} from '../../../../web/components/index.ts';
import { formatPartialDate } from '../../../../web/i18n/format.ts';
import type { RegisterEmailView } from '../views.ts';
import { Leave, Progress, ServiceOf, type Frame } from './frame.tsx';

type Props = RegisterEmailView & Frame;

const rows = ['givenNames', 'familyNames', 'birthName', 'dateOfBirth', 'placeOfBirth', 'address'] as const;

const ReadFromCard = ({ t, flow, page, person }: Props) =>
  person === undefined ? null : (
    <Card id="gelesen" heading={t.email.byCard.read}>
      <DataList
        items={rows.flatMap((row) => {
          const value = person[row];
          if (value === undefined) return [];
          const shown = row === 'dateOfBirth' ? formatPartialDate(page.locale, value) : value;
          return [{ label: flow.link.person[row], value: shown }];
        })}
      />
      <p class="kern-body">{t.email.byCard.readNote}</p>
    </Card>
  );

export const RegisterEmailPage = (props: Props) => {
  const { t, page, fault, person } = props;
  const words = t.email;
  const message = fault === undefined ? undefined : words.fault[fault];
  const byCard = person !== undefined;
  return (
    <Layout
      page={page}
      title={byCard ? words.byCard.title : words.title}
      {...refusal(page, message, 'email')}
      service={<ServiceOf {...props} />}
    >
      {byCard ? null : <Progress {...props} step={1} />}
      <p class="bid-lead">{byCard ? words.byCard.lead : words.lead}</p>
      <ReadFromCard {...props} />
      <Card>
        <form class="bid-form" id="e-mail" method="post" action={`${props.base}/registrieren/e-mail`}>
          <input type="hidden" name="csrf" value={props.csrf} />
          <Field
            page={page}
            name="email"
            label={words.label}
            hint={words.hint}
            autocomplete="email"
            inputmode="email"
            verbatim
            optional={byCard}
            value={props.email}
            error={message}
          />
        </form>
        <Actions>
          <Button form="e-mail">{words.button}</Button>
          <ConfirmForm
            action={`${props.base}/registrieren/${byCard ? 'ohne' : 'ende'}`}
            csrf={props.csrf}
            label={byCard ? words.skip : words.back}
            weight="secondary"
          />
        </Actions>
      </Card>
      {byCard ? null : (
        <div class="bid-back">
          <Leave {...props} />
        </div>
      )}
    </Layout>
  );
};
