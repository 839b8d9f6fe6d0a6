import type { ComponentChildren } from 'preact';
import { safeHref } from '../safe-path.ts';
import { Icon, type IconName } from './icon.tsx';

type Weight = 'primary' | 'secondary' | 'tertiary';

const classOf = (weight: Weight | undefined, block: boolean | undefined): string =>
  `kern-btn kern-btn--${weight ?? 'primary'}${block === true ? ' kern-btn--block' : ''}`;

/** Sends its form: the one around it, or the one whose id is `form`. */
export const Button = (props: {
  form?: string;
  children: string;
  weight?: Weight;
  icon?: IconName;
  block?: boolean;
  name?: string;
  value?: string;
}) => (
  <button
    class={classOf(props.weight, props.block)}
    type="submit"
    form={props.form}
    name={props.name}
    value={props.value}
  >
    {props.icon === undefined ? null : <Icon name={props.icon} />}
    <span class="kern-label">{props.children}</span>
  </button>
);

/** A link that looks like a button. Not shown when the address is not one that safeHref passes. */
export const ButtonLink = (props: {
  href: string;
  children: string;
  weight?: Weight;
  icon?: IconName;
  block?: boolean;
  schemes?: readonly string[];
}) => {
  const href = safeHref(props.href, props.schemes);
  return href === undefined ? null : (
    <a class={classOf(props.weight, props.block)} href={href}>
      {props.icon === undefined ? null : <Icon name={props.icon} />}
      <span class="kern-label">{props.children}</span>
    </a>
  );
};

/** A link in running text or in a list of links. Not shown when the address is not one that safeHref passes. */
export const TextLink = (props: { href: string; children: ComponentChildren; icon?: IconName; lang?: string }) => {
  const href = safeHref(props.href);
  return href === undefined ? null : (
    <a class="kern-link" href={href} lang={props.lang}>
      {props.icon === undefined ? null : <Icon name={props.icon} />}
      {props.children}
    </a>
  );
};

/** A form of one button: everything that changes something is posted. */
export const ConfirmForm = (props: {
  action: string;
  csrf: string;
  label: string;
  weight?: Weight;
  icon?: IconName;
  block?: boolean;
  fields?: Readonly<Record<string, string>>;
  /** Shown between the hidden fields and the button. */
  children?: ComponentChildren;
}) => (
  <form method="post" action={props.action} class="bid-form">
    <input type="hidden" name="csrf" value={props.csrf} />
    {Object.entries(props.fields ?? {}).map(([name, value]) => (
      <input key={name} type="hidden" name={name} value={value} />
    ))}
    {props.children}
    <Button
      weight={props.weight ?? 'primary'}
      {...(props.icon === undefined ? {} : { icon: props.icon })}
      {...(props.block === undefined ? {} : { block: props.block })}
    >
      {props.label}
    </Button>
  </form>
);

/** Buttons in a row, the main one first; they wrap on small screens. `equal`: none is smaller than the other. */
export const Actions = (props: { children: ComponentChildren; equal?: boolean }) => (
  <div class={props.equal === true ? 'bid-actions bid-actions--equal' : 'bid-actions'}>{props.children}</div>
);
