import { readFileSync } from 'node:fs';
import type { Settings } from './settings.ts';
import type { OutboundOptions } from './web/outbound.ts';

/** How every part, and the operator's commands, reach addresses that files name. @throws when the authority's file is missing. */
export const outboundOptions = ({ outbound }: Pick<Settings, 'outbound'>): OutboundOptions => ({
  allowSpecialUse: outbound.allow_private,
  ...(outbound.ca_file === undefined ? {} : { ca: readFileSync(outbound.ca_file, 'utf8') }),
});
