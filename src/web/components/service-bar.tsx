import type { ComponentChildren } from 'preact';
import type { Level } from '../../assurance/levels.ts';
import type { PageContext } from '../page-context.ts';
import { LevelBadge } from './level-badge.tsx';

/** Which service the citizen came from. The host is the one thing that a service cannot forge, so it is always shown. */
export const ServiceBar = (props: {
  page: PageContext;
  lead: ComponentChildren;
  name: string;
  host: string;
  wanted?: Level;
  authority?: { readonly name: string; readonly logo?: string };
}) => (
  <div class="bid-service">
    {props.authority?.logo === undefined ? null : <img class="bid-logo" src={props.authority.logo} alt="" />}
    <p class="bid-service__text">
      {props.lead} <strong>{props.name}</strong>
      {props.authority === undefined ? null : <span class="bid-service__host">{props.authority.name}</span>}
      <span class="bid-service__host">{props.host}</span>
    </p>
    {props.wanted === undefined ? null : <LevelBadge page={props.page} level={props.wanted} as="needed" />}
  </div>
);
