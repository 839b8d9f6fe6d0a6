import {
  Actions,
  Button,
  ButtonLink,
  Card,
  ErrorSummary,
  Field,
  Layout,
  Steps,
  TextLink,
} from '../../../web/components/index.ts';
import { formatDate } from '../../../web/i18n/format.ts';
import { paths } from '../paths.ts';
import { KontoLayout, type KontoFrame } from './konto-frame.tsx';

export interface DeletionView {
  /** Names of services. */
  readonly services: readonly string[];
}

/** What it means, before anybody is asked to prove anything. */
export const DeletionPage = (props: DeletionView & KontoFrame) => {
  const { t, page } = props;
  const words = t.deletion;
  return (
    <KontoLayout page={page} at="deletion" title={words.title}>
      <p class="bid-lead">{words.lead}</p>
      <Card id="folgen" heading={words.effectsTitle}>
        <Steps items={words.effects} />
      </Card>
      <Card id="dienste" heading={words.servicesTitle}>
        {props.services.length === 0 ? (
          <p class="kern-body">{words.noServices}</p>
        ) : (
          <>
            <ul class="bid-list">
              {props.services.map((service) => (
                <li key={service}>{service}</li>
              ))}
            </ul>
            <p class="kern-body">{words.services}</p>
          </>
        )}
      </Card>
      <Card id="vorher" heading={words.exportTitle}>
        <p class="kern-body">{words.export}</p>
        <TextLink href={paths.export}>{words.exportLink}</TextLink>
      </Card>
      <p class="kern-body">{words.fresh}</p>
      <Actions>
        <ButtonLink href={`${paths.deletion}/bestaetigen`} weight="secondary">
          {words.next}
        </ButtonLink>
      </Actions>
    </KontoLayout>
  );
};

export interface ConfirmDeletionView {
  readonly csrf: string;
  /** ms since the epoch. */
  readonly on: number;
  readonly error: boolean;
}

export const ConfirmDeletionPage = (props: ConfirmDeletionView & KontoFrame) => {
  const { t, page } = props;
  const words = t.deletion.confirm;
  return (
    <KontoLayout
      page={page}
      at="deletion"
      below
      title={words.title}
      error={props.error}
      summary={
        props.error ? (
          <ErrorSummary title={page.common.errorSummary} errors={[{ message: words.error, field: 'word' }]} />
        ) : undefined
      }
    >
      <p class="bid-lead">{words.lead({ date: formatDate(page.locale, props.on) })}</p>
      <Card>
        <form class="bid-form" method="post" action={paths.deletion}>
          <input type="hidden" name="csrf" value={props.csrf} />
          <Field
            page={page}
            name="word"
            label={words.label}
            autocomplete="off"
            verbatim
            {...(props.error ? { error: words.error } : {})}
          />
          <Actions>
            <Button>{words.button}</Button>
            <ButtonLink href={paths.home} weight="secondary">
              {t.cancel}
            </ButtonLink>
          </Actions>
        </form>
      </Card>
    </KontoLayout>
  );
};

/** After it nobody is logged in any more, so the page says nothing of whose account it was. */
export const PlannedDeletionPage = ({ t, page }: KontoFrame) => {
  const words = t.deletion.planned;
  return (
    <Layout page={page} title={words.title}>
      <p class="bid-lead">{words.lead}</p>
      <Card>
        <p class="kern-body">{words.undo}</p>
        <Actions>
          <ButtonLink href="/" weight="secondary">
            {words.link}
          </ButtonLink>
        </Actions>
      </Card>
    </Layout>
  );
};
