import type { OrderView } from '../payments.ts';
import type { Frame } from './pages/frame.ts';

/** How a refund stands. What came on top of a fee that is paid is no part of the fee that goes back. */
export const refundWords = (
  { state }: Pick<OrderView, 'state'>,
  refund: OrderView['refunds'][number],
  { refunds }: Pick<Frame['t'], 'refunds'>,
): string => [...(refund.surplus && state === 'paid' ? [refunds.twice] : []), refunds.states[refund.state]].join(' ');
