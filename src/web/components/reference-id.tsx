import type { PageContext } from '../page-context.ts';

/** The number by which the help finds a request in the logs, in two groups that can be read out. */
export const ReferenceId = (props: { page: PageContext; id: string }) => (
  <p class="bid-reference">
    {props.page.common.referenceId}: <code>{`${props.id.slice(0, 5)} ${props.id.slice(5)}`.trimEnd()}</code>
    <br />
    {props.page.common.referenceHint}
  </p>
);
