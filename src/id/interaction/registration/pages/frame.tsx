import type { Context } from 'koa';
import type { VNode } from 'preact';
import { StepProgress } from '../../../../web/components/index.ts';
import { messages, pageContext, type PageContext } from '../../../../web/page-context.ts';
import { renderPage } from '../../../../web/render.ts';
import { Back, Service, type Frame as FlowFrame } from '../../pages/frame.tsx';
import { flowTexts, type FlowMessages } from '../../texts/index.ts';
import type { FlowView } from '../../views.ts';
import { registrationTexts, type RegistrationMessages } from '../texts/index.ts';

/** What every page of a registration gets besides its view. */
export interface Frame {
  readonly t: RegistrationMessages;
  /** Words that all pages of a flow share. */
  readonly flow: FlowMessages;
  readonly page: PageContext;
}

type Page<View> = (props: View & Frame) => VNode;

export const registrationFrame = (page: PageContext): Frame => ({
  t: registrationTexts[page.locale],
  flow: flowTexts[page.locale],
  page,
});

/** Answers with a page of a registration, in the language of the response. */
export const show = <View extends object>(ctx: Context, Page: Page<View>, view: View, status?: number): void => {
  const flow = messages(ctx, flowTexts);
  renderPage(ctx, Page({ ...view, t: messages(ctx, registrationTexts), flow, page: pageContext(ctx) }), status);
};

/** The words that the flow's own parts of a page look for. */
const ofFlow = (props: FlowView & Frame): FlowView & FlowFrame => ({ ...props, t: props.flow });

export const ServiceOf = (props: FlowView & Frame) => <Service {...ofFlow(props)} />;

/** The way back to the service: nothing is kept. */
export const Leave = (props: FlowView & Frame) => <Back {...ofFlow(props)} />;

/** By e-mail: address, code, person, password. */
export const Progress = ({ t, step }: Frame & { step: 1 | 2 | 3 | 4 }) => (
  <StepProgress label={t.step({ step, of: 4 })} step={step} of={4} />
);
