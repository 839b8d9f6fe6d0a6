import { ConfirmForm, ServiceBar } from '../../../web/components/index.ts';
import { showWith, type Frame as WebFrame, type PageOf } from '../../../web/show.ts';
import { withReturn } from '../../../web/safe-path.ts';
import type { PageContext } from '../../../web/page-context.ts';
import { flowTexts, type FlowMessages } from '../texts/index.ts';
import type { EidView, FlowView } from '../views.ts';

/** What every page of a flow gets besides its view. */
export type Frame = WebFrame<FlowMessages>;

export type FlowPage<View> = PageOf<View, FlowMessages>;

const showPlain = showWith(flowTexts);

/** With the style of the authority whose service asks, where it has one of its own. */
export const branded = (page: PageContext, view: Partial<Pick<FlowView, 'service'>>): PageContext => {
  const styles = view.service?.authority?.styles;
  return styles === undefined ? page : { ...page, assets: { ...page.assets, styles: [...page.assets.styles, styles] } };
};

/** Answers with a page of a flow, in the language of the response: `show(ctx, LoginPage, view)`. */
export const show: typeof showPlain = (ctx, Page, view, status) =>
  showPlain(ctx, (props) => Page({ ...props, page: branded(props.page, view) }), view, status);

/** Which service, at which host, and what it asks for. */
export const Service = (props: Pick<FlowView, 'service'> & Frame & { login?: boolean }) => (
  <ServiceBar
    page={props.page}
    lead={props.login === true ? props.t.signingInAt : props.t.service}
    name={props.service.name}
    host={props.service.host}
    wanted={props.service.wanted}
    {...(props.service.authority === undefined ? {} : { authority: props.service.authority })}
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

/** Begins anew with the card: another token, another session at the eID-Server. */
export const BeginAnew = (props: Pick<EidView, 'base' | 'csrf' | 'registering'> & { label: string }) => (
  <ConfirmForm
    action={`${props.base}/eid`}
    csrf={props.csrf}
    label={props.label}
    fields={props.registering ? { registrieren: '1' } : {}}
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
