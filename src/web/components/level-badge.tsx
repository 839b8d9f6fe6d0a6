import type { Level } from '../../assurance/levels.ts';
import type { PageContext } from '../page-context.ts';
import { Icon, type IconName } from './icon.tsx';

const tones: Readonly<Record<Level, 'info' | 'success'>> = {
  basic: 'info',
  low: 'info',
  substantial: 'success',
  high: 'success',
};

/** A small word with a sign, for states and sources. */
export const Badge = (props: {
  tone: 'info' | 'success' | 'warning' | 'danger';
  icon?: IconName;
  children: string;
}) => (
  <span class={`kern-badge kern-badge--${props.tone} bid-badge`}>
    <Icon name={props.icon ?? props.tone} />
    <span class="kern-label kern-label--small">{props.children}</span>
  </span>
);

/** The level in words: reached (`badge`) or asked for by a service (`needed`). */
export const LevelBadge = (props: { page: PageContext; level: Level; as?: 'badge' | 'needed' }) => (
  <Badge tone={props.as === 'needed' ? 'info' : tones[props.level]}>
    {props.page.common.level[props.as ?? 'badge'][props.level]}
  </Badge>
);

/** The one sentence that explains the word, and what this level means. */
export const LevelExplanation = (props: { page: PageContext; level?: Level }) => (
  <p class="kern-body kern-body--muted bid-levelnote">
    {props.page.common.level.explanation}
    {props.level === undefined ? null : ` ${props.page.common.level.meaning[props.level]}`}
  </p>
);
