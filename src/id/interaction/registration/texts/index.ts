import type { Catalogues, Shape } from '../../../../web/i18n/shape.ts';
import { de } from './de.tsx';
import { en } from './en.tsx';

export type RegistrationMessages = Shape<typeof de>;

export const registrationTexts: Catalogues<RegistrationMessages> = { de, en };
