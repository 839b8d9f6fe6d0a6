import { Alert, Button, Card, Choice, ConfirmForm, DataList } from '../../../web/components/index.ts';
import type { TestCard } from '../../test-persons.ts';
import { faultNames } from '../faults.ts';
import { Frame, type PageProps } from './frame.tsx';

/** The start page: which cards there are, and what may go wrong in the next login. */
export const homePage = (
  props: PageProps & { cards: readonly TestCard[]; csrf: string; done: 'planned' | 'reset' | undefined },
) => {
  const { t, page } = props;
  return (
    <Frame page={page} t={t} title={t.home.title}>
      {props.done === 'planned' ? (
        <Alert tone="success" title={t.home.planned} announce>
          <p class="kern-body">{t.home.plannedText}</p>
        </Alert>
      ) : null}
      {props.done === 'reset' ? <Alert tone="success" title={t.home.resetDone} announce /> : null}
      <p class="kern-body">{t.home.lead}</p>
      <Card heading={t.home.cards} id="ausweise">
        <DataList
          items={props.cards.map((card) => ({ label: card.purpose[page.locale], value: card.title, note: card.id }))}
        />
      </Card>
      <Card heading={t.home.fault} id="stoerung">
        <form method="post" action="/stoerung" class="bid-form">
          <input type="hidden" name="csrf" value={props.csrf} />
          <Choice
            name="fault"
            legend={t.home.faultLead}
            options={faultNames.map((name) => ({ value: name, label: t.faults[name] }))}
          />
          <Button>{t.home.plan}</Button>
        </form>
      </Card>
      <Card heading={t.home.pins} id="sperren">
        <p class="kern-body">{t.home.pinsLead}</p>
        <ConfirmForm action="/entsperren" csrf={props.csrf} label={t.home.reset} weight="secondary" />
      </Card>
    </Frame>
  );
};
