import {
  Actions,
  Alert,
  Button,
  ButtonLink,
  Card,
  ConfirmForm,
  DataList,
  TextLink,
} from '../../../web/components/index.ts';
import { formatDate } from '../../../web/i18n/format.ts';
import type { Frame } from '../../../web/show.ts';
import type { CardMessages } from '../texts/card.tsx';
import { KontoLayout } from './konto-frame.tsx';

export interface CardView {
  readonly csrf: string;
  /** Times in ms since the epoch. Undefined: no card is linked. */
  readonly card?: {
    readonly linkedAt: number;
    readonly validUntil?: number;
    readonly state: 'good' | 'expires' | 'expired';
  };
  /** Until when a transfer code is good. */
  readonly transferUntil?: number;
  readonly notice?: 'removed' | 'last';
}

type Props = CardView & Frame<CardMessages>;

const Linked = ({ t, page, card }: Props & { card: NonNullable<CardView['card']> }) => (
  <Card id="verbunden" heading={t.linked}>
    {card.state === 'good' ? null : (
      <Alert tone="warning" title={t[card.state].title}>
        <p class="kern-body">{t[card.state].text}</p>
      </Alert>
    )}
    <DataList
      items={[
        { label: t.linkedAt, value: formatDate(page.locale, card.linkedAt) },
        {
          label: t.validUntil,
          value: card.validUntil === undefined ? t.unknown : formatDate(page.locale, card.validUntil),
        },
      ]}
    />
  </Card>
);

const Transfer = ({ t, page, csrf, transferUntil }: Props) => (
  <Card id="neuer-ausweis" heading={t.transfer.title}>
    <p class="kern-body">{t.transfer.text}</p>
    <ul class="bid-list">
      {t.transfer.ways.map((way) => (
        <li key={way}>{way}</li>
      ))}
    </ul>
    {transferUntil === undefined ? null : (
      <p class="kern-body">
        {t.transfer.exists({ until: formatDate(page.locale, transferUntil) })} {t.transfer.replaced}
      </p>
    )}
    <Actions>
      <ConfirmForm
        action="/konto/zugaenge/ausweis/transfercode"
        csrf={csrf}
        label={transferUntil === undefined ? t.transfer.make : t.transfer.again}
        weight="secondary"
      />
      <ButtonLink href="/konto/zugaenge/ausweis/neu" weight="secondary">
        {t.transfer.newCard}
      </ButtonLink>
    </Actions>
  </Card>
);

/** The linked card, what to do when there is a new one, and how to be rid of it. */
export const CardPage = (props: Props) => {
  const { t, page, card, notice } = props;
  return (
    <KontoLayout page={page} at="means" below title={t.title}>
      <p class="bid-lead">{t.lead}</p>
      {notice === 'removed' ? <Alert tone="success" title={t.remove.done} announce /> : null}
      {notice === 'last' ? (
        <Alert tone="danger" title={t.remove.last.title} announce>
          <p class="kern-body">{t.remove.last.text}</p>
        </Alert>
      ) : null}
      {card === undefined ? (
        <Card id="verbinden" heading={t.none.title}>
          <p class="kern-body">{t.none.text}</p>
          <Actions>
            <ButtonLink href="/konto/zugaenge/ausweis/neu" icon="arrow-forward">
              {t.none.button}
            </ButtonLink>
          </Actions>
        </Card>
      ) : (
        <>
          <Linked {...props} card={card} />
          <Transfer {...props} />
          <Card id="trennen" heading={t.remove.title}>
            <p class="kern-body">{t.remove.text}</p>
            <TextLink href="/konto/zugaenge/ausweis/trennen">{t.remove.open}</TextLink>
          </Card>
        </>
      )}
    </KontoLayout>
  );
};

/** Shown once, right after it was made. */
export const TransferCodePage = ({ t, page, code, until }: { code: string; until: number } & Frame<CardMessages>) => (
  <KontoLayout page={page} at="means" below title={t.code.title}>
    <Card>
      <p class="kern-body">{t.code.text}</p>
      <p class="bid-bigcode">{code}</p>
      <p class="kern-body">{t.code.until({ until: formatDate(page.locale, until) })}</p>
      <p class="kern-body">{t.code.keep}</p>
      <Actions>
        <ButtonLink href="/konto/zugaenge/ausweis">{t.code.done}</ButtonLink>
      </Actions>
    </Card>
  </KontoLayout>
);

export const RemoveCardPage = ({ t, page, csrf }: { csrf: string } & Frame<CardMessages>) => (
  <KontoLayout page={page} at="means" below title={t.remove.title}>
    <Card id="folgen" heading={t.remove.question}>
      <ul class="bid-list">
        {t.remove.effects.map((effect) => (
          <li key={effect}>{effect}</li>
        ))}
      </ul>
      <form class="bid-form" method="post" action="/konto/zugaenge/ausweis/trennen">
        <input type="hidden" name="csrf" value={csrf} />
        <Actions>
          <Button>{t.remove.button}</Button>
          <ButtonLink href="/konto/zugaenge/ausweis" weight="secondary">
            {t.remove.back}
          </ButtonLink>
        </Actions>
      </form>
    </Card>
  </KontoLayout>
);
