import { Actions, Button, Card, ConfirmForm, Layout } from '../../../../web/components/index.ts';
import { NewPasswordFields, newPasswordRefusal } from '../../../new-password/fields.tsx';
import type { RegisterPasswordView } from '../views.ts';
import { Leave, Progress, ServiceOf, type Frame } from './frame.tsx';

export const RegisterPasswordPage = (props: RegisterPasswordView & Frame) => {
  const { t, page, byCard } = props;
  const words = t.password;
  return (
    <Layout page={page} title={words.title} {...newPasswordRefusal(props)} service={<ServiceOf {...props} />}>
      {byCard ? null : <Progress {...props} step={4} />}
      <p class="bid-lead">{byCard ? words.byCard : words.lead}</p>
      <Card>
        <form class="bid-form" id="neues-passwort" method="post" action={`${props.base}/registrieren/passwort`}>
          <input type="hidden" name="csrf" value={props.csrf} />
          <NewPasswordFields {...props} />
        </form>
        <Actions>
          <Button form="neues-passwort">{byCard ? words.buttonByCard : words.button}</Button>
          {byCard ? (
            <ConfirmForm
              action={`${props.base}/registrieren/ohne`}
              csrf={props.csrf}
              label={words.skip}
              weight="secondary"
            />
          ) : null}
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
