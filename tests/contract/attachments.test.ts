import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from '@jest/globals';
import { createFolderStore } from '../../src/portal/mein-postfach/attachments/folder.ts';
import { describeFileStore } from './attachments.suite.ts';

describe('attachments in a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bayern-id-attachments-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  describeFileStore(() => createFolderStore(join(folder, 'files')));
});
