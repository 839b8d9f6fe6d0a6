import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Form } from '../../../web/forms.ts';
import { localeOf } from '../../../web/page-context.ts';
import { seeOther } from '../../../web/see-other.ts';
import type { Session } from '../../relying-party/session.ts';
import type { Content } from '../application/content.ts';
import { parseFee, parseKind, parseRecipient, parseTyped, type Parsed } from '../application/forms.ts';
import { nextStep, obstacleOf, samePerson } from '../application/rules.ts';
import { dataPage } from '../pages/data-page.tsx';
import { feePage } from '../pages/fee-page.tsx';
import { kindPage } from '../pages/kind-page.tsx';
import { recipientPage } from '../pages/recipient-page.tsx';
import { verifiedPerson } from '../verified-person.ts';
import type { Desk, DraftHandler } from './desk.ts';
import { paths, stepPath } from './paths.ts';

/** Query of the data page that says why somebody was led back to it. */
export const changedMark = 'geaendert';

/** The steps that are filled in. Each is a page and the post of its form, which leads on to the next step that is open. */
export const addStepRoutes = (router: Router, desk: Desk): void => {
  const { records, relyingParty } = desk;

  /** Keeps a step and leads on; what is being paid by now stays as it is. */
  const keep = async (ctx: Context, session: Session, change: (content: Content) => Content): Promise<void> => {
    const locale = localeOf(ctx);
    const { postfach } = session.claims;
    const application = await records.applications.edit(session.sub, (before) => ({
      ...change(before ?? { locale }),
      locale,
      ...(typeof postfach === 'string' ? { postfach } : {}),
    }));
    if (application === undefined) return seeOther(ctx, paths.payment);
    const documents = await records.documents.of(application.id);
    return seeOther(ctx, stepPath(nextStep(application.content, documents)));
  };

  /** What a form shows: what was typed before a stronger login was asked for, else what is saved. */
  const shownOf = async (
    ctx: Context,
    given: Readonly<Record<string, string>>,
    parse: (form: Form) => Pick<Parsed<unknown>, 'given'>,
  ): Promise<{ readonly given: Readonly<Record<string, string>>; readonly kept?: boolean }> => {
    const kept = await relyingParty.keptForm(ctx);
    return kept === undefined ? { given } : { given: parse(kept).given, kept: true };
  };

  const showKind: DraftHandler = async (ctx, { application }) => {
    const kind = application?.content.kind;
    const given = kind === undefined ? {} : { form: kind.form, extended: kind.extended ? '1' : '' };
    const shown = await shownOf(ctx, given, parseKind);
    desk.show(ctx, (frame) => kindPage(shown, frame));
  };
  const keepKind: DraftHandler = async (ctx, { session }) => {
    const { value, errors, given } = parseKind(await relyingParty.readForm(ctx));
    if (value === undefined) return desk.refuse(ctx, stepPath('art'), (frame) => kindPage({ given, errors }, frame));
    return keep(ctx, session, ({ recipient, ...content }) => ({
      ...content,
      kind: value,
      ...(value.form === 'O' && recipient !== undefined ? { recipient } : {}),
    }));
  };

  const showData: DraftHandler = async (ctx, { session, application }) => {
    const person = verifiedPerson(session.claims);
    const obstacle = obstacleOf(person, Date.now());
    const before = application?.content.person;
    const changed = ctx.query[changedMark] !== undefined && before !== undefined && !samePerson(before, person);
    const shown = await shownOf(ctx, application?.content.typed ?? {}, (form) => parseTyped(form, person));
    const view = { person, ...shown, changed };
    desk.show(ctx, (frame) => dataPage({ ...view, ...(obstacle === undefined ? {} : { obstacle }) }, frame));
  };
  const keepData: DraftHandler = async (ctx, { session }) => {
    const form = await relyingParty.readForm(ctx);
    // From the login alone: whatever a form says about these, it is not read.
    const person = verifiedPerson(session.claims);
    const obstacle = obstacleOf(person, Date.now());
    const { value, errors, given } = parseTyped(form, person);
    if (obstacle !== undefined || value === undefined)
      return desk.refuse(ctx, stepPath('daten'), (frame) =>
        dataPage({ person, given, errors, ...(obstacle === undefined ? {} : { obstacle }) }, frame),
      );
    return keep(ctx, session, (content) => ({ ...content, person, provedAt: session.authTime, typed: value }));
  };

  const showRecipient: DraftHandler = async (ctx, { application }) => {
    const { kind, recipient } = application?.content ?? {};
    if (kind === undefined) return seeOther(ctx, stepPath('art'));
    const { inspectAt, ...lines } = recipient ?? {};
    const given = { ...lines, ...(inspectAt === undefined ? {} : { inspect: '1', inspect_at: inspectAt }) };
    const shown = await shownOf(ctx, given, parseRecipient);
    desk.show(ctx, (frame) => recipientPage({ needed: kind.form === 'O', ...shown }, frame));
  };
  const keepRecipient: DraftHandler = async (ctx, { session, application }) => {
    const { value, errors, given } = parseRecipient(await relyingParty.readForm(ctx));
    if (application?.content.kind?.form !== 'O') return seeOther(ctx, stepPath('art'));
    if (value === undefined)
      return desk.refuse(ctx, stepPath('empfaenger'), (frame) => recipientPage({ needed: true, given, errors }, frame));
    return keep(ctx, session, (content) => ({ ...content, recipient: value }));
  };

  const showFee: DraftHandler = async (ctx, { application }) => {
    const fee = application?.content.fee;
    const given = fee === undefined ? {} : { fee: fee.way === 'pay' ? 'pay' : fee.reason };
    const shown = await shownOf(ctx, given, parseFee);
    desk.show(ctx, (frame) => feePage(shown, frame));
  };
  const keepFee: DraftHandler = async (ctx, { session }) => {
    const { value, errors, given } = parseFee(await relyingParty.readForm(ctx));
    if (value === undefined) return desk.refuse(ctx, stepPath('gebuehr'), (frame) => feePage({ given, errors }, frame));
    return keep(ctx, session, (content) => ({ ...content, fee: value }));
  };

  router.get(stepPath('art'), desk.atDraft(showKind));
  router.post(stepPath('art'), desk.atDraft(keepKind));
  router.get(stepPath('daten'), desk.atDraft(showData, 'fresh'));
  router.post(stepPath('daten'), desk.atDraft(keepData, 'fresh'));
  router.get(stepPath('empfaenger'), desk.atDraft(showRecipient));
  router.post(stepPath('empfaenger'), desk.atDraft(keepRecipient));
  router.get(stepPath('gebuehr'), desk.atDraft(showFee));
  router.post(stepPath('gebuehr'), desk.atDraft(keepFee));
};
