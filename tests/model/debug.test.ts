import '../support/realm.ts';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@jest/globals';
import { freezeClock } from '../support/clock.ts';
import { beginning } from './people.ts';
import { createStage, Story } from './story.ts';
test('debug', async () => {
  const stage = await createStage(join(mkdtempSync('/dev/shm/bayern-id-debug-'), 'x.sqlite'));
  const [{ alone, opening, events }] = JSON.parse(readFileSync('/tmp/m2story.json', 'utf8'));
  freezeClock(beginning);
  const story = new Story(stage, alone);
  for (const event of [...opening, ...events]) { console.log('EVENT', JSON.stringify(event)); await story.play(event); }
  await story.lastLook();
}, 60000);
