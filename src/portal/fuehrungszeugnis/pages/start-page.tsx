import type { VNode } from 'preact';
import {
  Actions,
  ButtonLink,
  Card,
  CardRow,
  Checklist,
  DataList,
  Layout,
  LevelBadge,
  LevelExplanation,
} from '../../../web/components/index.ts';
import { formatMoney } from '../../../web/i18n/format.ts';
import type { PageContext } from '../../../web/page-context.ts';
import { paths, stepPath } from '../citizen/paths.ts';
import { fee } from '../fee.ts';
import type { FuehrungszeugnisMessages } from '../i18n/messages.ts';

/** Before anybody logs in: who may apply, what it costs, how long it takes and why the card is needed. */
export const startPage = (
  view: { readonly portal: string },
  page: PageContext,
  messages: FuehrungszeugnisMessages,
): VNode => {
  const t = messages.start;
  return (
    <Layout page={page} title={t.title} wide>
      <p class="kern-body bid-lead">{t.lead}</p>
      <CardRow>
        <Card id="wer" heading={t.who.heading}>
          <Checklist items={t.who.items} />
          <p class="kern-body">{t.who.others}</p>
        </Card>
        <Card id="gebuehr" heading={t.facts.heading}>
          <DataList
            items={[
              { label: t.facts.fee, value: formatMoney(page.locale, fee), note: t.facts.feeNote },
              { label: t.facts.time, value: t.facts.timeText },
              { label: t.facts.way, value: t.facts.wayText },
            ]}
          />
        </Card>
      </CardRow>
      <Card id="ausweis" heading={t.needs.heading} badge={<LevelBadge page={page} level="high" as="needed" />}>
        <p class="kern-body">{t.needs.why}</p>
        <Checklist items={t.needs.items} />
        <Actions>
          <ButtonLink href={stepPath('daten')}>{t.needs.begin}</ButtonLink>
          <ButtonLink href={paths.sent} weight="secondary">
            {t.needs.mine}
          </ButtonLink>
          <ButtonLink href={view.portal} weight="tertiary">
            {messages.toPortal}
          </ButtonLink>
        </Actions>
        <LevelExplanation page={page} />
      </Card>
    </Layout>
  );
};
