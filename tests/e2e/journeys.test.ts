import { defaultSeat } from '../support/browser.ts';
import { startTestApp } from '../support/app.ts';
import { describeJourneys } from './journeys.suite.ts';

describeJourneys({
  name: 'on localhost',
  start: () => startTestApp(),
  seats: [
    ['German, 1280 px', defaultSeat],
    ['English, 320 px, dark, no script', { locale: 'en', width: 320, theme: 'dark', script: false }],
  ],
  // On a large screen, and on the smallest without scripts.
  furtherSeats: [
    ['German, 1280 px', defaultSeat],
    ['German, 320 px, dark, no script', { locale: 'de', width: 320, theme: 'dark', script: false }],
  ],
});
