import type { Router } from '@koa/router';
import { satisfies } from '../../assurance/levels.ts';
import { displayName, effective } from '../identity/attribute.ts';
import type { Citizen } from '../identity/citizen.ts';
import type { Credential } from '../identity/credentials.ts';
import { addMonths } from '../identity/lifecycle.ts';
import type { Visitor } from '../oidc/visitor.ts';
import { HomePage, type HomeView, type Todo } from './pages/HomePage.tsx';
import { showKonto } from './pages/konto-frame.tsx';
import type { AccountRouteParts } from './parts.ts';
import { paths } from './paths.ts';

/** Months before a card expires in which it is said. */
const cardNotice = 3;

/** With so few recovery codes left it is time for new ones. */
const fewCodes = 2;

/** A login of this session and its entry in the journal may lie this far apart, in ms. */
const sameLogin = 60_000;

export const todoOf = (citizen: Citizen, credentials: readonly Credential[], now: number): readonly Todo[] => {
  const has = (kind: Credential['kind']): boolean => credentials.some((credential) => credential.kind === kind);
  const { validUntil } = citizen.card?.link ?? {};
  const codes = credentials.find(({ kind }) => kind === 'recovery_codes')?.left;
  const card: readonly Todo[] =
    validUntil === undefined || now < addMonths(validUntil, -cardNotice)
      ? []
      : [now < validUntil ? { kind: 'cardExpires', on: validUntil } : { kind: 'cardExpired' }];
  return [
    ...card,
    ...(has('password') && !has('totp') && !has('passkey') ? [{ kind: 'secondFactor' } as const] : []),
    ...(citizen.email === undefined ? [{ kind: 'email' } as const] : []),
    ...(codes !== undefined && codes <= fewCodes ? [{ kind: 'recoveryCodes', left: codes } as const] : []),
  ];
};

/** /konto */
export const addHomeRoutes = (
  router: Router,
  { entry, credentials, activities }: Pick<AccountRouteParts, 'entry' | 'credentials' | 'activities'>,
): void => {
  const lastLogin = async ({ citizen, evidence }: Visitor): Promise<Pick<HomeView, 'lastLogin'>> => {
    const page = await activities.page(citizen.account.id, { types: ['login.succeeded'], limit: 10 });
    const before = page.activities.find(({ at }) => evidence.every((item) => Math.abs(item.at - at) > sameLogin));
    return before?.event.type === 'login.succeeded'
      ? { lastLogin: { at: before.at, method: before.event.method } }
      : {};
  };

  router.get(paths.home, async (ctx) => {
    const visitor = await entry.open(ctx);
    if (!visitor) return;
    const { citizen, reached } = visitor;
    const card = satisfies(reached.level, 'substantial') ? citizen.card?.attributes : undefined;
    showKonto(ctx, HomePage, {
      name: displayName(effective(citizen.self, card)) ?? citizen.loginName ?? citizen.email ?? '–',
      level: reached.level,
      todo: todoOf(citizen, await credentials.credentialsOf(citizen.account.id), Date.now()),
      ...(await lastLogin(visitor)),
    });
  });
};
