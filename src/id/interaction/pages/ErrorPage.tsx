import { Actions, Alert, ButtonLink, Card, DataList, Layout, ReferenceId } from '../../../web/components/index.ts';
import type { ErrorView } from '../views.ts';
import type { Frame } from './frame.tsx';

const WayOn = ({ code, backTo, t, page }: ErrorView & Frame) => {
  if (code === 'logout') return <ButtonLink href="/session/end">{t.logout.button}</ButtonLink>;
  if (backTo === undefined) return <ButtonLink href="/">{page.common.toStart}</ButtonLink>;
  return (
    <ButtonLink href={backTo.href} icon="arrow-back">
      {t.backTo({ service: backTo.name })}
    </ButtonLink>
  );
};

/** What happened, what to do, the reference id. What came from outside is shown as text only. */
export const ErrorPage = (props: ErrorView & Frame) => {
  const { t, page, developer } = props;
  const words = t.error.code[props.code];
  const relay = props.code === 'relay_warning';
  return (
    <Layout page={page} title={words.title} error>
      {relay ? (
        <Alert tone="danger" title={t.error.relay} announce>
          <p class="kern-body">{words.what}</p>
          <p class="kern-body">{words.todo}</p>
        </Alert>
      ) : null}
      <Card>
        {relay ? null : (
          <>
            <h2 class="bid-h3 bid-h3--first">{t.error.what}</h2>
            <p class="kern-body">{words.what}</p>
            <h2 class="bid-h3">{t.error.todo}</h2>
            <p class="kern-body">{words.todo}</p>
          </>
        )}
        <Actions>
          <WayOn {...props} />
          <ButtonLink href="/hilfe" weight="secondary">
            {page.common.toHelp}
          </ButtonLink>
        </Actions>
        <ReferenceId page={page} id={props.referenceId} />
      </Card>
      {developer === undefined || developer.length === 0 ? null : (
        <Card id="entwicklung" heading={page.common.developer}>
          <DataList
            items={developer.map((item) => ({
              label: item.label,
              value: <code class="bid-code">{item.value}</code>,
              ...(item.note === undefined ? {} : { note: item.note }),
            }))}
          />
        </Card>
      )}
    </Layout>
  );
};
