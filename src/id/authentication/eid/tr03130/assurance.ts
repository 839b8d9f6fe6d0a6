import { satisfies, strongest, weakest, type Level } from '../../../../assurance/levels.ts';
import type { EidRequest, EidType } from '../port.ts';
import { readEidType } from './answers.ts';
import { eidasLoa, germanLoa } from './names.ts';
import type { EidServerSettings } from './settings.ts';
import { MessageRefused, textOf, type Element } from './xml.ts';

/** What the settings say about the eID itself: what is asked of the eID-Server, and what counts where nothing is. */
export type AssuranceSettings = Pick<EidServerSettings, 'minimum_level' | 'eid_types' | 'assured_without_loa'>;

/**
 * The settings as they hold for one request: what the service needs is asked for as well, so that the eID-Server refuses
 * an eID that would not do before the citizen types the PIN. Where nothing is asked, nothing can be raised.
 */
export const settingsFor = <Settings extends AssuranceSettings>(settings: Settings, { level }: EidRequest): Settings =>
  settings.minimum_level === undefined || level === undefined
    ? settings
    : { ...settings, minimum_level: strongest(settings.minimum_level, level) as typeof level };

/** TR-03130-1, 3.3.12, in both contexts: the national names, and those of eIDAS. */
const levelOfUri: ReadonlyMap<string, Level> = new Map([
  [`${germanLoa}undefined`, 'basic'],
  [`${germanLoa}normal`, 'low'],
  [`${germanLoa}substantiell`, 'substantial'],
  [`${germanLoa}hoch`, 'high'],
  [`${eidasLoa}low`, 'low'],
  [`${eidasLoa}substantial`, 'substantial'],
  [`${eidasLoa}high`, 'high'],
]);

/**
 * The most that a type can give, whatever else is said of it. The card's chip alone is certified for high; a Smart-eID
 * in a certified secure element is substantiell, and of the rest nobody has certified how the key is kept.
 */
const most: Readonly<Record<EidType, Level>> = {
  CardCertified: 'high',
  SECertified: 'substantial',
  SEEndorsed: 'low',
  HWKeyStore: 'low',
};

/** @throws MessageRefused when it was asked for and is missing (Table 4: it MUST be present), or is no known level */
const levelRead = (answer: Element, asked: boolean): Level | undefined => {
  const uri = textOf(answer, 'LevelOfAssuranceResult') ?? '';
  if (uri === '') {
    if (asked) throw new MessageRefused('no level of assurance, although one was asked for');
    return undefined;
  }
  const level = levelOfUri.get(uri);
  if (level === undefined) throw new MessageRefused('unknown level of assurance');
  return level;
};

/**
 * What an eID counts for by a verified getResultResponse; `denied` when the eID-Server let something through that we had
 * asked it to refuse. What the answer says only ever lowers: an answer that leaves out what it was asked for is refused.
 * @throws MessageRefused
 */
export const assuredBy = (answer: Element, settings: AssuranceSettings): Level | 'denied' => {
  const { minimum_level: minimum, eid_types: types } = settings;
  const level = levelRead(answer, minimum !== undefined);
  const type = readEidType(answer);
  if (type === undefined && types !== undefined) throw new MessageRefused('no eID type, although they were asked for');
  const selected = type && types?.[type];
  if (selected === 'denied') return 'denied';
  // Without a minimum the settings' schema makes sure that assured_without_loa is there.
  const base = minimum === undefined ? (settings.assured_without_loa ?? 'basic') : 'high';
  const assured = weakest(base, level ?? 'high', type ? most[type] : 'high');
  // TR-03130-1, 3.3.12: a type that is expressly allowed is let through below the minimum, at its own level.
  return minimum === undefined || selected === 'allowed' || satisfies(assured, minimum) ? assured : 'denied';
};
