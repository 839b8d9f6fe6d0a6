import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../web/http-error.ts';
import { seeOther } from '../../web/see-other.ts';
import { messages } from '../../web/page-context.ts';
import type { MethodName } from '../authentication/method.ts';
import type { PasskeyEnrolment } from '../authentication/passkey/enrolment.ts';
import { newRecoveryCodes } from '../authentication/recovery-codes/recovery-codes.ts';
import { keyUri, matchingStep } from '../authentication/totp/codes.ts';
import { canonicalWrittenCode } from '../authentication/written-code.ts';
import type { TotpSetups } from '../authentication/totp/setups.ts';
import type { Credential, CredentialKind, CredentialRepository } from '../identity/credentials.ts';
import type { LevelRules } from '../oidc/policy.ts';
import type { Visitor } from '../oidc/visitor.ts';
import { deviceOf } from './device-name.ts';
import { accountLabel, type AccountEntry, type Demanded } from './entry.ts';
import { listMeans, type PasskeyEntry } from './means-list.ts';
import { AppPage, type AppView } from './pages/means/AppPage.tsx';
import { CodesPage } from './pages/means/CodesPage.tsx';
import { show } from './pages/means/frame.ts';
import { doneNames, MeansPage, type Done } from './pages/means/MeansPage.tsx';
import { AddPasskeyPage, PasskeyPage, type AddPasskeyView, type PasskeyView } from './pages/means/PasskeyPage.tsx';
import { meansTexts } from './texts/means.ts';

export interface MeansRouteParts {
  readonly entry: AccountEntry;
  readonly credentials: CredentialRepository;
  readonly enrolment: PasskeyEnrolment;
  readonly setups: TotpSetups;
  readonly rules: LevelRules;
  readonly dangerous: Demanded;
  /** Whether the operator has switched a way off. */
  readonly isOff: (method: MethodName) => boolean;
}

const overview = '/konto/zugaenge';
const passkeys = `${overview}/passkey`;
const app = `${overview}/app`;
const codes = `${overview}/codes`;

const longestName = 60;
const mostPasskeys = 20;

const doneOf = (ctx: Context): { readonly done?: Done } => {
  const done = doneNames.find((name) => name === ctx.query['getan']);
  return done === undefined ? {} : { done };
};

/** What somebody calls a passkey: one line, and not longer than a line. */
const nameFrom = (typed: string): string =>
  Array.from(
    typed
      .normalize('NFC')
      .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
      .trim(),
  )
    .slice(0, longestName)
    .join('');

/** What tells this account from another one of the same person, in a list on a device. */
const loginLabel = (visitor: Visitor): string =>
  visitor.citizen.loginName ?? visitor.citizen.email ?? accountLabel(visitor);

const idOf = (ctx: Context): string => (ctx as Context & { params: Record<string, string> }).params['id'] ?? '';

/** /konto/zugaenge: the ways into an account other than its card. Every change asks for a fresh login at the highest level. */
export const addMeansRoutes = (router: Router, parts: MeansRouteParts): void => {
  const { entry, credentials, enrolment, setups, rules, isOff, dangerous } = parts;

  const meansOf = ({ citizen }: Visitor): Promise<readonly Credential[]> =>
    credentials.credentialsOf(citizen.account.id);
  const has = async (visitor: Visitor, kind: CredentialKind): Promise<boolean> =>
    (await meansOf(visitor)).some((credential) => credential.kind === kind);

  router.get(overview, async (ctx) => {
    const visitor = await entry.open(ctx);
    if (!visitor) return;
    const list = listMeans(visitor.citizen, await meansOf(visitor), rules);
    show(ctx, MeansPage, { ...list, ...doneOf(ctx) });
  });

  const addPasskeyPage = async (
    ctx: Context,
    visitor: Visitor,
    failed: Partial<Pick<AddPasskeyView, 'error' | 'name'>> = {},
  ): Promise<void> => {
    const { citizen, sessionUid } = visitor;
    const view: AddPasskeyView = {
      csrf: entry.csrf(visitor),
      order: await enrolment.order(
        citizen.account.id,
        { name: loginLabel(visitor), displayName: accountLabel(visitor) },
        sessionUid,
      ),
      off: isOff('passkey'),
      name: failed.name ?? messages(ctx, meansTexts).device[deviceOf(ctx.get('user-agent'))],
      ...(failed.error === undefined ? {} : { error: failed.error }),
    };
    show(ctx, AddPasskeyPage, view, failed.error === undefined ? undefined : 422);
  };

  router.get(passkeys, async (ctx) => {
    const visitor = await entry.open(ctx, dangerous);
    if (visitor) await addPasskeyPage(ctx, visitor);
  });

  router.post(passkeys, async (ctx) => {
    const posted = await entry.posted(ctx, passkeys, dangerous);
    if (!posted) return undefined;
    const { visitor, form } = posted;
    if (isOff('passkey')) return seeOther(ctx, passkeys);
    const { citizen, sessionUid, reached } = visitor;
    const name = nameFrom(form.get('name'));
    if (name === '') return addPasskeyPage(ctx, visitor, { error: 'name', name });
    const own = await meansOf(visitor);
    if (own.filter(({ kind }) => kind === 'passkey').length >= mostPasskeys)
      return addPasskeyPage(ctx, visitor, { error: 'many', name });
    const made = await enrolment.made(form.get('answer'), sessionUid);
    if (!made) return addPasskeyPage(ctx, visitor, { error: 'refused', name });
    const { counter, ...key } = made;
    const added = await credentials.addCredential(
      citizen.account,
      { kind: 'passkey', passkey: { ...key, name }, counter, ceiling: reached.level },
      [{ type: 'credential.added', method: 'passkey' }],
    );
    if (added.kind === 'taken') return addPasskeyPage(ctx, visitor, { error: 'taken', name });
    return seeOther(ctx, added.kind === 'added' ? `${overview}?getan=passkey-hinzugefuegt` : overview);
  });

  const passkeyOf = async (ctx: Context, visitor: Visitor): Promise<PasskeyEntry> => {
    const list = listMeans(visitor.citizen, await meansOf(visitor), rules);
    const found = list.passkeys.find(({ id }) => id === idOf(ctx));
    if (!found) throw new HttpError('not_found', { reason: 'passkey' });
    return found;
  };

  const passkeyPage = async (ctx: Context, visitor: Visitor, error?: PasskeyView['error']): Promise<void> =>
    show(
      ctx,
      PasskeyPage,
      {
        csrf: entry.csrf(visitor),
        passkey: await passkeyOf(ctx, visitor),
        ...(error === undefined ? {} : { error }),
      },
      error === undefined ? undefined : 422,
    );

  router.get(`${passkeys}/:id`, async (ctx) => {
    const visitor = await entry.open(ctx, dangerous);
    if (visitor) await passkeyPage(ctx, visitor);
  });

  router.post(`${passkeys}/:id/name`, async (ctx) => {
    const posted = await entry.posted(ctx, `${passkeys}/${idOf(ctx)}`);
    if (!posted) return undefined;
    const { visitor, form } = posted;
    const name = nameFrom(form.get('name'));
    if (name === '') return passkeyPage(ctx, visitor, 'name');
    const renamed = await credentials.renamePasskey(visitor.citizen.account.id, idOf(ctx), name);
    if (!renamed) throw new HttpError('not_found', { reason: 'passkey' });
    return seeOther(ctx, `${overview}?getan=passkey-umbenannt`);
  });

  router.post(`${passkeys}/:id/entfernen`, async (ctx) => {
    const posted = await entry.posted(ctx, `${passkeys}/${idOf(ctx)}`, dangerous);
    if (!posted) return undefined;
    const { visitor } = posted;
    const { id } = await passkeyOf(ctx, visitor);
    const outcome = await credentials.removeCredential(visitor.citizen.account, id, [
      { type: 'credential.removed', method: 'passkey' },
    ]);
    if (outcome === 'last') return passkeyPage(ctx, visitor, 'last');
    return seeOther(ctx, outcome === 'removed' ? `${overview}?getan=passkey-entfernt` : overview);
  });

  const appPage = async (ctx: Context, visitor: Visitor, error?: AppView['error']): Promise<void> => {
    const own = await meansOf(visitor);
    const list = listMeans(visitor.citizen, own, rules);
    const { account } = visitor.citizen;
    const ready = list.password !== undefined && list.app === undefined;
    const secret = ready ? await setups.open(visitor.sessionUid, account.id) : undefined;
    show(
      ctx,
      AppPage,
      {
        csrf: entry.csrf(visitor),
        ...(list.app ? { app: list.app } : {}),
        ...(secret === undefined ? {} : { setup: { secret, uri: keyUri(secret, loginLabel(visitor)) } }),
        ...(error === undefined ? {} : { error }),
      },
      error === undefined ? undefined : 422,
    );
  };

  router.get(app, async (ctx) => {
    const visitor = await entry.open(ctx, dangerous);
    if (visitor) await appPage(ctx, visitor);
  });

  router.post(app, async (ctx) => {
    const posted = await entry.posted(ctx, app, dangerous);
    if (!posted) return undefined;
    const { visitor, form } = posted;
    const { citizen, sessionUid, reached } = visitor;
    const secret = await setups.find(sessionUid, citizen.account.id);
    // Shown too long ago, or there is an app already: the page says what there is.
    if (secret === undefined || !(await has(visitor, 'password')) || (await has(visitor, 'totp')))
      return seeOther(ctx, app);
    const typed = form.get('code');
    if (typed.trim() === '') return appPage(ctx, visitor, 'empty');
    const step = matchingStep(secret, typed, Date.now());
    if (step === undefined) return appPage(ctx, visitor, 'wrong');
    const added = await credentials.addCredential(citizen.account, { kind: 'totp', secret, ceiling: reached.level }, [
      { type: 'credential.added', method: 'totp' },
    ]);
    await setups.close(sessionUid);
    if (added.kind !== 'added') return seeOther(ctx, app);
    // The code that was just typed logs nobody in.
    await credentials.useCounter(added.id, step);
    return seeOther(ctx, `${codes}?getan=app-hinzugefuegt`);
  });

  router.post(`${app}/entfernen`, async (ctx) => {
    const posted = await entry.posted(ctx, app, dangerous);
    if (!posted) return undefined;
    const { visitor } = posted;
    const own = (await meansOf(visitor)).find(({ kind }) => kind === 'totp');
    if (!own) return seeOther(ctx, app);
    await credentials.removeCredential(visitor.citizen.account, own.id, [
      { type: 'credential.removed', method: 'totp' },
    ]);
    return seeOther(ctx, `${overview}?getan=app-entfernt`);
  });

  router.get(codes, async (ctx) => {
    const visitor = await entry.open(ctx, dangerous);
    if (!visitor) return;
    const list = listMeans(visitor.citizen, await meansOf(visitor), rules);
    show(ctx, CodesPage, {
      csrf: entry.csrf(visitor),
      needsApp: list.app === undefined,
      ...(list.codes ? { set: list.codes } : {}),
      ...doneOf(ctx),
    });
  });

  /** The one answer that shows the codes: they are kept as hashes, so nobody can show them again. */
  router.post(codes, async (ctx) => {
    const posted = await entry.posted(ctx, codes, dangerous);
    if (!posted) return undefined;
    const { visitor } = posted;
    if (!(await has(visitor, 'totp'))) return seeOther(ctx, codes);
    const made = newRecoveryCodes();
    const added = await credentials.addCredential(
      visitor.citizen.account,
      {
        kind: 'recovery_codes',
        codes: made.map((code) => canonicalWrittenCode(code) ?? ''),
        ceiling: visitor.reached.level,
      },
      [{ type: 'credential.added', method: 'recovery_codes' }],
    );
    if (added.kind !== 'added') return seeOther(ctx, codes);
    return show(ctx, CodesPage, { csrf: entry.csrf(visitor), needsApp: false, fresh: made });
  });
};
