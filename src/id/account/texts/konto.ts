import type { Catalogues, Shape } from '../../../web/i18n/shape.ts';
import { kontoDe } from './konto-de.tsx';
import { kontoEn } from './konto-en.tsx';

export type KontoMessages = Shape<typeof kontoDe>;

export const kontoTexts: Catalogues<KontoMessages> = { de: kontoDe, en: kontoEn };
