import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { satisfies } from '../../../assurance/levels.ts';
import { HttpError } from '../../../web/http-error.ts';
import { localeOf, messages, pageContext } from '../../../web/page-context.ts';
import { renderPage } from '../../../web/render.ts';
import { seeOther } from '../../../web/see-other.ts';
import type { EmailCodes } from '../../authentication/email/codes.ts';
import type { MailLimits } from '../../authentication/email/mail-limits.ts';
import type { MethodName } from '../../authentication/method.ts';
import { localText } from '../../clients/client.ts';
import type { EmailCodeFault } from '../../email-code/EmailCode.tsx';
import { mailAddress, type MailAddress } from '../../identity/mail-address.ts';
import { InteractionGone } from '../../oidc/door.ts';
import type { Entry } from '../context.ts';
import { orUnavailable, requirePage } from '../login-routes.ts';
import { personView } from '../present.ts';
import { withoutCard } from '../state.ts';
import type { Position, Steps } from '../steps.ts';
import type { AccountMaker } from './accounts.ts';
import type { SendRegistrationCode } from './mails.ts';
import { CodeElsewherePage } from './pages/CodeElsewherePage.tsx';
import { show } from './pages/frame.tsx';
import { RegisterCodePage } from './pages/RegisterCodePage.tsx';
import { RegisteredPage, RegisterTakenPage } from './pages/RegisteredPage.tsx';
import { RegisterEmailPage } from './pages/RegisterEmailPage.tsx';
import { RegisterPage } from './pages/RegisterPage.tsx';
import { RegisterPasswordPage } from './pages/RegisterPasswordPage.tsx';
import { RegisterPersonPage } from './pages/RegisterPersonPage.tsx';
import { nobody, readPerson } from './person.ts';
import { withoutAddress, type Registration } from './registration.ts';
import { registrationTexts } from './texts/index.ts';
import type { EmailFault, RegisterCodeView, RegisterPasswordView, RegisterPersonView } from './views.ts';

export interface RegistrationRouteParts {
  readonly entry: Entry;
  readonly steps: Steps;
  readonly codes: EmailCodes;
  readonly limits: MailLimits;
  readonly sendCode: SendRegistrationCode;
  readonly maker: AccountMaker;
  readonly issuer: string;
  readonly isOff: (method: MethodName) => boolean;
}

/** Shows the page of a registration that comes next, or that somebody may begin with. */
export type RegistrationPages = (ctx: Context, position: Position) => void;

const registrationOf = ({ state }: Position): Registration => state.registration ?? { way: 'email' };

/** What a code is good for: this flow and this address. */
const purposeOf = ({ pending }: Position, address: string): string => `registration\0${pending.uid}\0${address}`;

export const addRegistrationRoutes = (router: Router, parts: RegistrationRouteParts): RegistrationPages => {
  const { entry, steps, codes, limits, sendCode, maker, issuer, isOff } = parts;

  const goOn = (ctx: Context, position: Position, registration: Registration): Promise<void> =>
    steps.advance(ctx, position, { ...position.state, registration });

  const leave = (ctx: Context, position: Position): Promise<void> => {
    const { registration: _registration, ...state } = position.state;
    return steps.advance(ctx, position, state);
  };

  const isByCard = (position: Position): boolean => registrationOf(position).way === 'card';

  const showStart = (ctx: Context, position: Position): void =>
    show(ctx, RegisterPage, {
      ...entry.frame(ctx, position),
      off: (['eid', 'password'] as const).filter(isOff),
      needsCard: !satisfies('basic', position.pending.wanted),
    });

  const showEmail = (ctx: Context, position: Position, typed?: { email: string; fault: EmailFault }): void => {
    const { citizen } = position;
    const person = isByCard(position) && citizen?.card && personView(citizen.card.attributes, localeOf(ctx));
    const view = {
      ...entry.frame(ctx, position),
      email: typed?.email ?? registrationOf(position).address ?? '',
      ...(person ? { person } : {}),
      ...(typed ? { fault: typed.fault } : {}),
    };
    show(ctx, RegisterEmailPage, view, typed ? 422 : undefined);
  };

  const showCode = (ctx: Context, position: Position, extra: Partial<RegisterCodeView> = {}): void => {
    const { address = '', code } = registrationOf(position);
    const view = {
      ...entry.frame(ctx, position),
      email: address,
      validUntil: code?.validUntil ?? Date.now(),
      byCard: isByCard(position),
      sentAgain: code?.again === true,
      ...extra,
    };
    show(ctx, RegisterCodePage, view, extra.fault === undefined ? undefined : 422);
  };

  const showPerson = (
    ctx: Context,
    position: Position,
    { typed, faults }: Pick<RegisterPersonView, 'typed' | 'faults'> = { typed: nobody, faults: [] },
  ): void =>
    show(
      ctx,
      RegisterPersonPage,
      { ...entry.frame(ctx, position), typed, faults },
      faults.length > 0 ? 422 : undefined,
    );

  const showPassword = (ctx: Context, position: Position, fault?: RegisterPasswordView['fault']): void => {
    const view = {
      ...entry.frame(ctx, position),
      login: registrationOf(position).address ?? '',
      byCard: isByCard(position),
      secondFactor: false,
      ...(fault === undefined ? {} : { fault }),
    };
    show(ctx, RegisterPasswordPage, view, fault === undefined ? undefined : 422);
  };

  /** Counts first, so that a code that is not sent voids none that was. @returns false when too many were asked for. */
  const sendTo = async (ctx: Context, position: Position, address: MailAddress, again: boolean): Promise<boolean> => {
    const wait = await limits.take(address, entry.attempt(ctx, position).address);
    if (wait !== undefined) return false;
    const { party, uid } = position.pending;
    const issued = await codes.issue(purposeOf(position, address));
    const locale = localeOf(ctx);
    await sendCode(address, issued, {
      link: `${issuer}/anmelden/${uid}/registrieren/code/${issued.code}`,
      locale,
      service: localText(party.file.client_name, locale),
    });
    const code = { id: issued.id, validUntil: issued.validUntil, ...(again ? { again } : {}) };
    await goOn(ctx, position, { ...withoutAddress(registrationOf(position)), address, code });
    return true;
  };

  router.get('/anmelden/:uid/registrieren', async (ctx) => {
    const position = await entry.open(ctx);
    requirePage(position, 'login', 'register');
    showStart(ctx, position);
  });

  router.post('/anmelden/:uid/registrieren', async (ctx) => {
    const { position } = await entry.posted(ctx);
    requirePage(position, 'login', 'register');
    if (isOff('password')) return showStart(ctx, position);
    return steps.advance(ctx, position, { ...withoutCard(position.state), registration: { way: 'email' } });
  });

  /** Away from the registration, back to the ways to log in. */
  router.post('/anmelden/:uid/registrieren/ende', async (ctx) => {
    const { position } = await entry.posted(ctx);
    requirePage(position, 'registerEmail');
    await leave(ctx, position);
  });

  router.post('/anmelden/:uid/registrieren/e-mail', async (ctx) => {
    const { position, form } = await entry.posted(ctx);
    requirePage(position, 'registerEmail');
    const typed = form.get('email').trim().slice(0, 320);
    if (typed === '') return showEmail(ctx, position, { email: typed, fault: 'empty' });
    const address = mailAddress(typed);
    if (address === undefined) return showEmail(ctx, position, { email: typed, fault: 'notAnAddress' });
    if (await sendTo(ctx, position, address, false)) return undefined;
    return showEmail(ctx, position, { email: typed, fault: 'tooMany' });
  });

  /** The link in the mail: fills the code in where somebody waits for it, and shows it anywhere else. Uses nothing up. */
  router.get('/anmelden/:uid/registrieren/code/:code', async (ctx) => {
    const { code = '' } = ctx.params as { code?: string };
    if (!/^\d{6}$/.test(code)) throw new HttpError('not_found', { reason: 'code' });
    let position: Position;
    try {
      position = await entry.open(ctx);
    } catch (error) {
      if (!(error instanceof InteractionGone)) throw error;
      ctx.set('cache-control', 'no-store');
      renderPage(ctx, CodeElsewherePage({ t: messages(ctx, registrationTexts), page: pageContext(ctx), code }));
      return undefined;
    }
    if ('page' in position.step && position.step.page === 'registerCode') return showCode(ctx, position, { code });
    seeOther(ctx, `/anmelden/${position.pending.uid}`);
    return undefined;
  });

  router.post('/anmelden/:uid/registrieren/code', async (ctx) => {
    const { position, form } = await entry.posted(ctx);
    requirePage(position, 'registerCode');
    const registration = registrationOf(position);
    const { address = '', code } = registration;
    const typed = form.get('code').trim();
    const refuse = (fault: EmailCodeFault): void => showCode(ctx, position, { fault });
    if (typed === '') return refuse('empty');
    const outcome = await codes.check(code?.id ?? '', purposeOf(position, address), typed);
    if (outcome !== 'right') return refuse(outcome);
    if (!isByCard(position)) return goOn(ctx, position, { ...registration, confirmed: true });
    const set = await maker.addAddress(position, address);
    // Somebody else's since the code was sent: another address can be given.
    return goOn(ctx, position, set ? { ...registration, confirmed: true } : withoutAddress(registration));
  });

  router.post('/anmelden/:uid/registrieren/neuer-code', async (ctx) => {
    const { position } = await entry.posted(ctx);
    requirePage(position, 'registerCode');
    const address = mailAddress(registrationOf(position).address ?? '');
    if (address === undefined) throw new HttpError('bad_request', { reason: 'step' });
    if (!(await sendTo(ctx, position, address, true))) showCode(ctx, position, { fault: 'tooMany' });
  });

  router.post('/anmelden/:uid/registrieren/andere-adresse', async (ctx) => {
    const { position } = await entry.posted(ctx);
    requirePage(position, 'registerCode', 'registerTaken');
    const { taken: _taken, ...registration } = withoutAddress(registrationOf(position));
    await goOn(ctx, position, registration);
  });

  router.post('/anmelden/:uid/registrieren/angaben', async (ctx) => {
    const { position, form } = await entry.posted(ctx);
    requirePage(position, 'registerPerson');
    const read = readPerson(form, new Date());
    if (read.faults.length > 0) return showPerson(ctx, position, read);
    return goOn(ctx, position, { ...registrationOf(position), person: read.typed });
  });

  router.post('/anmelden/:uid/registrieren/passwort', async (ctx) => {
    const { position, form } = await entry.posted(ctx);
    requirePage(position, 'registerPassword');
    const registration = registrationOf(position);
    if (isOff('password')) return leave(ctx, position);
    const typed = form.get('password');
    const made = await orUnavailable(
      isByCard(position)
        ? maker.addPassword(position, typed)
        : maker.create(position, registration, typed, localeOf(ctx)),
    );
    switch (made.kind) {
      case 'fault':
        return showPassword(ctx, position, made.fault);
      case 'taken': {
        // Taken by this very registration when its form was sent twice: the other answer is the right one.
        const { step } = await entry.open(ctx);
        if ('page' in step && step.page === 'registered') return seeOther(ctx, `/anmelden/${position.pending.uid}`);
        return goOn(ctx, position, { ...registration, taken: true });
      }
      default:
        return steps.advance(ctx, position, {
          ...position.state,
          proofs: made.proofs,
          made: made.proofs.accountId,
          registration: { ...registration, created: true, done: true },
        });
    }
  });

  /** By card: without an address, or without a password. */
  router.post('/anmelden/:uid/registrieren/ohne', async (ctx) => {
    const { position } = await entry.posted(ctx);
    requirePage(position, 'registerEmail', 'registerPassword');
    if (!isByCard(position)) throw new HttpError('bad_request', { reason: 'step' });
    await goOn(ctx, position, { ...registrationOf(position), done: true });
  });

  router.post('/anmelden/:uid/registrieren/weiter', async (ctx) => {
    const { position } = await entry.posted(ctx);
    requirePage(position, 'registered');
    await goOn(ctx, position, { ...registrationOf(position), left: true });
  });

  return (ctx, position) => {
    const { step } = position;
    const { address, confirmed, way } = registrationOf(position);
    const page = 'page' in step ? step.page : undefined;
    if (page === 'register') return showStart(ctx, position);
    if (page === 'registerEmail') return showEmail(ctx, position);
    if (page === 'registerCode') return showCode(ctx, position);
    if (page === 'registerPerson') return showPerson(ctx, position);
    if (page === 'registerPassword') return showPassword(ctx, position);
    if (page === 'registerTaken')
      return show(ctx, RegisterTakenPage, { ...entry.frame(ctx, position), email: address ?? '' });
    const email = confirmed === true && way === 'email' && address !== undefined ? { email: address } : {};
    return show(ctx, RegisteredPage, { ...entry.frame(ctx, position), ...email });
  };
};
