import type { VNode } from 'preact';
import { Actions, Alert, ButtonLink, Layout } from '../../../web/components/index.ts';
import { paths } from '../citizen/paths.ts';
import type { Frame } from './frame.tsx';

/** Logged in at the level, but by something else than the card. */
export const otherMeansPage = ({ page, t }: Frame): VNode => (
  <Layout page={page} title={t.obstacles.title} error>
    <Alert tone="danger" title={t.obstacles.title}>
      <p class="kern-body">{t.obstacles.otherMeans}</p>
    </Alert>
    <Actions>
      <ButtonLink href={paths.start} weight="secondary">
        {t.data.toStart}
      </ButtonLink>
    </Actions>
  </Layout>
);
