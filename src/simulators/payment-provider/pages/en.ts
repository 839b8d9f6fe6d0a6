import type { SimulatorMessages } from './messages.ts';

export const en: SimulatorMessages = {
  notice: {
    title: 'This is a test',
    text: 'This page plays a payment service. No money is taken. Never enter a real card number: you only choose a test card.',
  },
  home: {
    title: 'Payment service for testing',
    lead: 'Start a payment at a service. You will then come here automatically.',
    cards: 'These test cards exist',
    payments: 'Latest payments',
    nothing: 'None yet. You will find the first payment here.',
    settle: 'Do everything outstanding now',
    settleText:
      'Some test cards take their time: the bank answers later, or the service is told later. Here it happens at once.',
    settled: 'Everything outstanding is done',
    settledText: 'Banks have answered, and all messages to the service have been sent.',
  },
  pay: {
    title: 'Pay',
    payee: 'Payee',
    purpose: 'Purpose',
    amount: 'Amount',
    card: 'Which test card would you like to pay with?',
    more: 'Cards for faults: late, double, without an answer',
    missing: 'Choose a test card',
    button: (p) => `Pay ${p.amount}`,
    cancel: 'Cancel',
  },
  cards: {
    success: { name: 'Card that pays', what: 'The payment succeeds at once.' },
    threeDSecure: { name: 'Card with confirmation', what: 'The bank asks for a code (3-D Secure).' },
    declined: { name: 'Card without funds', what: 'The bank declines.' },
    slow: { name: 'Card of a slow bank', what: 'The bank says yes only later.' },
    timeout: { name: 'Card without an answer', what: 'The bank never answers. When the time is over that means no.' },
    lateCallback: { name: 'Card with a late message', what: 'It is paid at once, the service is told later.' },
    doubleCallback: { name: 'Card with a double message', what: 'It is paid once, the service is told twice.' },
    noCallback: { name: 'Card without a message', what: 'It is paid at once, the service is never told.' },
    wrongAmount: { name: 'Card with a wrong amount', what: 'One cent less is reported.' },
  },
  code: {
    title: 'Your bank asks you to confirm',
    lead: 'A real bank would now send you a code or open its app. In this test the code is always 123456.',
    label: 'Code (6 digits)',
    wrong: (p) =>
      p.left === 1
        ? 'The code is wrong. You have one attempt left.'
        : `The code is wrong. You have ${p.left} attempts left.`,
    confirm: 'Confirm payment',
    refuse: 'That was not me',
  },
  waiting: {
    title: 'The bank has not answered yet',
    text: 'Your payment is being checked. You do not have to do anything, and you do not have to pay again.',
    back: 'Back to the service',
  },
  over: {
    title: { paid: 'Already paid', failed: 'Not paid', cancelled: 'Cancelled' },
    text: {
      paid: 'This payment is paid. It cannot be paid a second time.',
      failed: 'This payment was not made. At the service you can try again.',
      cancelled: 'This payment was cancelled. No money was taken.',
    },
    back: 'Back to the service',
  },
  states: {
    open: 'not paid yet',
    processing: 'waiting for the bank',
    paid: 'paid',
    failed: 'failed',
    cancelled: 'cancelled',
  },
  pending: (p) => (p.count === 1 ? '1 message outstanding' : `${p.count} messages outstanding`),
  refunded: (p) => `${p.amount} refunded`,
};
