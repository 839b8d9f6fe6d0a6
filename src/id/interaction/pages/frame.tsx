import type { Context } from 'koa';
import type { VNode } from 'preact';
import { ConfirmForm, ServiceBar } from '../../../web/components/index.ts';
import { messages, pageContext, type PageContext } from '../../../web/page-context.ts';
import { renderPage } from '../../../web/render.ts';
import { withReturn } from '../../../web/safe-path.ts';
import { flowTexts, type FlowMessages } from '../texts/index.ts';
import type { FlowView } from '../views.ts';

/** What every page of a flow gets besides its view. */
export interface Frame {
  readonly t: FlowMessages;
  readonly page: PageContext;
}

export type FlowPage<View> = (props: View & Frame) => VNode;

/** A page of a flow with the words and surroundings of this response. */
export const flowPage = <View extends object>(Page: FlowPage<View>, view: View, frame: Frame): VNode =>
  Page({ ...view, ...frame });

/** Answers with a page of a flow, in the language of the response: `show(ctx, LoginPage, view)`. */
export const show = <View extends object>(ctx: Context, Page: FlowPage<View>, view: View, status?: number): void => {
  renderPage(ctx, flowPage(Page, view, { t: messages(ctx, flowTexts), page: pageContext(ctx) }), status);
};

/** Which service, at which host, and what it asks for. */
export const Service = (props: Pick<FlowView, 'service'> & Frame & { login?: boolean }) => (
  <ServiceBar
    page={props.page}
    lead={props.login === true ? props.t.signingInAt : props.t.service}
    name={props.service.name}
    host={props.service.host}
    wanted={props.service.wanted}
  />
);

/** The way back to the service: the flow ends there with an error that it understands. */
export const Back = (props: FlowView & Frame & { label?: string }) => (
  <ConfirmForm
    action={`${props.base}/abbrechen`}
    csrf={props.csrf}
    label={props.label ?? props.t.backTo({ service: props.service.name })}
    weight="secondary"
    icon="arrow-back"
  />
);

/** PIN, CAN and PUK in four sentences, folded away. */
export const PinHelp = (props: Frame & { open?: boolean }) => (
  <details class="bid-details" open={props.open}>
    <summary>{props.t.pin.title}</summary>
    <div class="bid-details__body bid-prose">
      <ul>
        {props.t.pin.points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <p>
        <a class="kern-link" href={withReturn('/hilfe/online-ausweis', props.page.path)}>
          {props.t.pin.more}
        </a>
      </p>
    </div>
  </details>
);
