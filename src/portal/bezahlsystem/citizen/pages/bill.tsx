import { DataList } from '../../../../web/components/index.ts';
import { formatMoney } from '../../../../web/i18n/format.ts';
import { grossOf, type OrderItem } from '../../orders/order.ts';
import type { OrderView } from '../../payments.ts';
import type { Frame } from './frame.ts';

export const moneyOf = ({ amount }: Pick<OrderView, 'amount'>, { page }: Pick<Frame, 'page'>): string =>
  formatMoney(page.locale, amount);

/** Lines below an item: how many of it, and the tax in it. */
const notesOf = (item: OrderItem, { page, t }: Pick<Frame, 'page' | 't'>): string[] => {
  const each = formatMoney(page.locale, item.singleNet + item.singleTax);
  return [
    ...(item.quantity === 1 ? [] : [t.bill.times({ quantity: item.quantity, each })]),
    ...(item.totalTax === 0 ? [] : [t.bill.tax({ amount: formatMoney(page.locale, item.totalTax) })]),
  ];
};

/** The items and their sum. */
export const Bill = ({ view, frame }: { view: OrderView; frame: Frame }) => {
  const { t, page } = frame;
  return (
    <table class="bid-bill">
      <caption class="kern-sr-only">{t.bill.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t.bill.item}</th>
          <th scope="col">{t.bill.amount}</th>
        </tr>
      </thead>
      <tbody>
        {view.items.map((item) => (
          <tr key={item.id}>
            <th scope="row">
              {item.description}
              {notesOf(item, frame).map((note) => (
                <span class="bid-bill__note" key={note}>
                  {note}
                </span>
              ))}
            </th>
            <td>{formatMoney(page.locale, grossOf(item))}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t.bill.sum}</th>
          <td>{moneyOf(view, frame)}</td>
        </tr>
      </tfoot>
    </table>
  );
};

/** Who gets the money and for what; `sum` where no bill says how much. */
export const Facts = ({ view, frame, sum }: { view: OrderView; frame: Frame; sum?: boolean }) => {
  const { facts } = frame.t;
  return (
    <DataList
      items={[
        {
          label: facts.payee,
          value: (
            <>
              {view.payee.name}
              {view.payee.address.map((line) => (
                <span class="bid-bill__note" key={line}>
                  {line}
                </span>
              ))}
            </>
          ),
        },
        ...(sum === true ? [{ label: facts.amount, value: moneyOf(view, frame) }] : []),
        { label: facts.purpose, value: view.purpose },
        ...(view.description === undefined ? [] : [{ label: facts.about, value: view.description }]),
        { label: facts.reference, value: view.reference },
      ]}
    />
  );
};
