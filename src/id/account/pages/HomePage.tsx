import type { Level } from '../../../assurance/levels.ts';
import { Card, Layout, LevelBadge, TextLink } from '../../../web/components/index.ts';
import type { Frame } from './frame.tsx';

export interface HomeView {
  /** What the login of this session gives now. */
  readonly level: Level;
}

export const HomePage = (props: HomeView & Frame) => {
  const { t, page } = props;
  return (
    <Layout page={page} title={t.title}>
      <p class="bid-lead">{t.lead}</p>
      <Card>
        <p class="kern-body">
          {t.level} <LevelBadge page={page} level={props.level} />
        </p>
      </Card>
      <ul class="bid-links">
        <li>
          <TextLink href="/konto/zugaenge">{t.means}</TextLink>
        </li>
      </ul>
    </Layout>
  );
};
