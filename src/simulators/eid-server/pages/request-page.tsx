import { eidOperations, type EidOperation } from '../../../id/authentication/eid/port.ts';
import {
  Actions,
  Button,
  Card,
  Choice,
  ConfirmForm,
  DataList,
  Details,
  ErrorSummary,
} from '../../../web/components/index.ts';
import type { TestCard } from '../../test-persons.ts';
import type { ClientRun } from '../client.ts';
import { faultNames } from '../faults.ts';
import { Checkboxes, Frame, type PageProps } from './frame.tsx';

/** Faults that can still happen when the session is already open. */
export const lateFaults = faultNames.filter(
  (name) =>
    !['tooManyOpenSessions', 'missingTerminalRights', 'pskMismatch', 'foreignPaosAddress', 'cancel'].includes(name),
);

/** First step of the client: who asks for what, which data are given, which card. */
export const requestPage = (
  props: PageProps & { run: ClientRun; cards: readonly TestCard[]; csrf: string; cardMissing: boolean },
) => {
  const { t, page, run } = props;
  const { wishes, transactionInfo, age } = run.session.request;
  const labelOf = (operation: EidOperation): string =>
    operation === 'AgeVerification' && age !== undefined ? t.request.age({ age }) : t.operations[operation];
  const required = eidOperations.filter((operation) => wishes.get(operation) === 'REQUIRED');
  const optional = eidOperations.filter((operation) => wishes.get(operation) === 'ALLOWED');
  const option = (card: TestCard) => ({ value: card.id, label: card.title, hint: card.purpose[page.locale] });
  const error = props.cardMissing ? t.request.cardMissing : undefined;
  const summary =
    error === undefined ? undefined : (
      <ErrorSummary title={page.common.errorSummary} errors={[{ message: error, field: 'card' }]} />
    );
  return (
    <Frame page={page} t={t} title={t.request.title} error={props.cardMissing} summary={summary}>
      <Card>
        <DataList
          items={[
            { label: t.request.service, value: new URL(run.token.refreshAddress).host },
            { label: t.request.purpose, value: transactionInfo ?? t.request.noPurpose },
            {
              label: t.request.required,
              value: required.length === 0 ? t.request.nothing : required.map(labelOf).join(', '),
            },
          ]}
        />
        <form method="post" action={`/vorgang/${run.id}`} class="bid-form" id="auswahl">
          <input type="hidden" name="csrf" value={props.csrf} />
          {optional.length === 0 ? null : (
            <Checkboxes
              name="optional"
              legend={t.request.optional}
              hint={t.request.optionalLead}
              options={optional.map((operation) => ({
                value: operation,
                label: labelOf(operation),
                checked: run.deselected?.has(operation) !== true,
              }))}
            />
          )}
          <Choice
            name="card"
            legend={t.request.card}
            {...(error === undefined ? {} : { error })}
            options={props.cards.filter(({ ordinary }) => ordinary).map(option)}
            more={{
              summary: t.request.moreCards,
              options: props.cards.filter(({ ordinary }) => !ordinary).map(option),
            }}
          />
          <Details summary={t.request.fault}>
            <Choice
              name="fault"
              legend={t.request.faultLegend}
              options={lateFaults.map((name) => ({ value: name, label: t.faults[name] }))}
            />
          </Details>
        </form>
        <Actions>
          <Button form="auswahl">{t.request.next}</Button>
          <ConfirmForm
            action={`/vorgang/${run.id}/abbrechen`}
            csrf={props.csrf}
            label={t.request.cancel}
            weight="secondary"
          />
        </Actions>
      </Card>
    </Frame>
  );
};
