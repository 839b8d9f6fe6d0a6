import { Actions, Alert, Badge, ButtonLink, Card, DataList, Layout } from '../../../web/components/index.ts';
import type { LoggedOutView } from '../views.ts';
import type { Frame } from './frame.tsx';

export const LoggedOutPage = (props: LoggedOutView & Frame) => {
  const { t, page } = props;
  const pending = props.services.some((service) => service.state === 'pending');
  return (
    <Layout page={page} title={t.loggedOut.title}>
      <Alert tone="success" title={t.loggedOut.text} />
      {props.services.length === 0 ? null : (
        <Card id="dienste" heading={t.loggedOut.services}>
          <DataList
            items={props.services.map((service) => ({
              label: service.name,
              value: (
                <Badge tone={service.state === 'told' ? 'success' : 'info'}>{t.loggedOut.state[service.state]}</Badge>
              ),
            }))}
          />
          {pending ? <p class="kern-body">{t.loggedOut.pendingNote}</p> : null}
        </Card>
      )}
      <Actions>
        {props.backTo === undefined ? (
          <ButtonLink href="/">{page.common.toStart}</ButtonLink>
        ) : (
          <ButtonLink href={props.backTo.href} icon="arrow-back">
            {t.backTo({ service: props.backTo.name })}
          </ButtonLink>
        )}
      </Actions>
    </Layout>
  );
};
