import { Actions, Alert, ButtonLink, Layout } from '../../../web/components/index.ts';
import type { StillLoggedInView } from '../views.ts';
import type { Frame } from './frame.tsx';

/** Says plainly what still stands, and leads on or, after all, to the end. */
export const StillLoggedInPage = ({ t, page, backTo }: StillLoggedInView & Frame) => {
  const words = t.stillLoggedIn;
  return (
    <Layout page={page} title={words.title}>
      <Alert tone="info" title={words.text}>
        {backTo === undefined ? null : <p class="kern-body">{words.onlyThere({ service: backTo.name })}</p>}
        <p class="kern-body">{words.sharedDevice}</p>
      </Alert>
      <Actions>
        {backTo === undefined ? (
          <ButtonLink href="/">{page.common.toStart}</ButtonLink>
        ) : (
          <ButtonLink href={backTo.href} icon="arrow-back">
            {t.backTo({ service: backTo.name })}
          </ButtonLink>
        )}
        <ButtonLink href="/session/end" weight="secondary" icon="logout">
          {words.logOut}
        </ButtonLink>
      </Actions>
    </Layout>
  );
};
