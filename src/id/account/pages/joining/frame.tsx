import type { ComponentChildren } from 'preact';
import { Card, DataList } from '../../../../web/components/index.ts';
import { formatDate } from '../../../../web/i18n/format.ts';
import { joiningTexts, type JoiningMessages } from '../../texts/joining.tsx';
import { showWith, type Frame as PageFrame } from '../../../../web/show.ts';

export type Frame = PageFrame<JoiningMessages>;

export const show = showWith(joiningTexts);

/** What tells one of two accounts of the same name from the other. */
export interface AccountView {
  readonly name: string;
  /** User name or e-mail address. */
  readonly login?: string;
  /** ms since the epoch. */
  readonly since: number;
}

export const Account = ({
  t,
  page,
  id,
  heading,
  account,
  children,
}: Frame & { id: string; heading: string; account: AccountView; children?: ComponentChildren }) => (
  <Card id={id} heading={heading}>
    <DataList
      items={[
        { label: t.account.name, value: account.name },
        { label: t.account.login, value: account.login ?? t.account.noLogin },
        { label: t.account.since, value: formatDate(page.locale, account.since) },
      ]}
    />
    {children}
  </Card>
);
