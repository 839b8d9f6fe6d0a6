import type { PageContext } from '../../../web/page-context.ts';
import { brandView } from '../../../web/branding.ts';
import { authorityPath } from '../paths.ts';
import type { Authority } from '../services/catalogue.ts';
import type { Frame } from './frame.ts';
import { Logo } from './service-rows.tsx';

/** The page in the authority's colour, where it has one. */
export const inColoursOf = (page: PageContext, { id, branding }: Authority): PageContext => {
  const brand = brandView(id, branding);
  return brand ? { ...page, assets: { ...page.assets, styles: [...page.assets.styles, brand.styles] } } : page;
};

/** Whose service it is: sign, name, colour. */
export const AuthorityBlock = (props: { frame: Frame; authority: Authority; link?: boolean; department?: string }) => {
  const name = props.authority.name[props.frame.page.locale];
  return (
    <div class="bid-authority">
      <Logo authority={props.authority} />
      <p>
        {props.link === true ? (
          <a class="kern-link" href={authorityPath(props.authority.id)}>
            {name}
          </a>
        ) : (
          <strong>{name}</strong>
        )}
        {props.department === undefined ? null : <span class="bid-authority__note">{props.department}</span>}
      </p>
    </div>
  );
};
