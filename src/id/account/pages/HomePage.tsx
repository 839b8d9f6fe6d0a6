import type { Level } from '../../../assurance/levels.ts';
import { Alert, Card, LevelBadge, LevelExplanation, TextLink } from '../../../web/components/index.ts';
import { formatDate, formatDateTime } from '../../../web/i18n/format.ts';
import { otherPaths, paths, type AccountPageName } from '../paths.ts';
import { KontoLayout, type KontoFrame } from './konto-frame.tsx';
import { meansName } from './words.ts';

/** What the citizen should do for the account's sake; times are ms since the epoch. */
export type Todo =
  | { readonly kind: 'secondFactor' | 'email' | 'cardExpired' }
  | { readonly kind: 'cardExpires'; readonly on: number }
  | { readonly kind: 'recoveryCodes'; readonly left: number };

export interface HomeView {
  readonly name: string;
  /** What the login of this session gives now. */
  readonly level: Level;
  /** The login before those of this session. */
  readonly lastLogin?: { readonly at: number; readonly method: string };
  readonly todo: readonly Todo[];
}

type Props = HomeView & KontoFrame;

const hrefs: Readonly<Record<Todo['kind'], string>> = {
  secondFactor: paths.means,
  email: otherPaths.email,
  cardExpires: otherPaths.card,
  cardExpired: otherPaths.card,
  recoveryCodes: otherPaths.recoveryCodes,
};

const titleOf = (todo: Todo, { t, page }: KontoFrame): string => {
  const words = t.home.todo;
  if (todo.kind === 'cardExpires') return words.cardExpires.title({ date: formatDate(page.locale, todo.on) });
  if (todo.kind === 'recoveryCodes') return words.recoveryCodes.title({ left: todo.left });
  return words[todo.kind].title;
};

const tiles = [
  'data',
  'means',
  'sessions',
  'services',
  'activities',
  'notices',
  'language',
  'export',
  'deletion',
] as const satisfies readonly AccountPageName[];

export const HomePage = (props: Props) => {
  const { t, page, lastLogin } = props;
  return (
    <KontoLayout page={page} at="home" title={t.title} heading={t.home.greeting({ name: props.name })}>
      <Card id="anmeldung" heading={t.home.lastTitle}>
        <p class="kern-body">
          {t.home.level} <LevelBadge page={page} level={props.level} />
        </p>
        <LevelExplanation page={page} level={props.level} />
        <p class="kern-body">
          {lastLogin === undefined
            ? t.home.first
            : t.home.last({
                when: formatDateTime(page.locale, lastLogin.at),
                method: meansName(t, lastLogin.method),
              })}
        </p>
        <TextLink href={paths.activities}>{t.home.lastMore}</TextLink>
      </Card>
      <section aria-labelledby="zu-tun-titel">
        <h2 class="kern-heading-medium bid-h2" id="zu-tun-titel">
          {t.home.todoTitle}
        </h2>
        {props.todo.length === 0 ? (
          <Alert tone="success" title={t.home.nothing} />
        ) : (
          props.todo.map((todo) => (
            <Alert key={todo.kind} tone={todo.kind === 'cardExpired' ? 'warning' : 'info'} title={titleOf(todo, props)}>
              <p class="kern-body">{t.home.todo[todo.kind].text}</p>
              <TextLink href={hrefs[todo.kind]}>{t.home.todo[todo.kind].link}</TextLink>
            </Alert>
          ))
        )}
      </section>
      <section aria-labelledby="seiten-titel">
        <h2 class="kern-heading-medium bid-h2" id="seiten-titel">
          {t.home.pagesTitle}
        </h2>
        <ul class="bid-tiles">
          {tiles.map((name) => (
            <li key={name} class="bid-tile">
              <a class="bid-tile__link" href={paths[name]}>
                {t.nav.items[name]}
              </a>
              <span class="bid-tile__text">{t.home.tiles[name]}</span>
            </li>
          ))}
        </ul>
      </section>
    </KontoLayout>
  );
};
