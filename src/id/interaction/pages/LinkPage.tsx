import {
  Actions,
  Alert,
  Button,
  Card,
  Checkboxes,
  ErrorSummary,
  Layout,
  PasswordField,
} from '../../../web/components/index.ts';
import { formatDate, formatPartialDate } from '../../../web/i18n/format.ts';
import type { LinkView, PersonView } from '../views.ts';
import { Back, Service, type Frame } from './frame.tsx';
import { PasskeyWay } from './PasskeyWay.tsx';

const rows = ['givenNames', 'familyNames', 'birthName', 'dateOfBirth', 'placeOfBirth', 'address'] as const;

type Props = LinkView & Frame;

const Comparison = (props: Props) => {
  const { t, page } = props;
  const shown = (person: PersonView, row: (typeof rows)[number]) => {
    const value = person[row];
    if (value === undefined) return <span class="bid-muted">{page.common.notKnown}</span>;
    return row === 'dateOfBirth' ? formatPartialDate(page.locale, value) : value;
  };
  return (
    <table class="bid-compare">
      <caption class="kern-sr-only">{t.link.compare}</caption>
      <thead>
        <tr>
          <th scope="col">{t.link.field}</th>
          <th scope="col">{t.link.card}</th>
          <th scope="col">{t.link.self}</th>
        </tr>
      </thead>
      <tbody>
        {rows
          .filter((row) => props.card[row] !== undefined || props.self[row] !== undefined)
          .map((row) => (
            <tr key={row}>
              <th scope="row">{t.link.person[row]}</th>
              <td data-label={t.link.card}>{shown(props.card, row)}</td>
              <td data-label={t.link.self}>{shown(props.self, row)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
};

/** What may be a stranger's is listed, and goes unless the citizen says otherwise (attacks.md MG-03). */
const Unproved = ({ t, page, unproved }: Props) => {
  const words = t.link.unproved;
  if (unproved.length === 0) return null;
  return (
    <>
      <p class="kern-body">
        <strong>{words.title}</strong> {words.text}
      </p>
      <Checkboxes
        legend={words.keep}
        options={unproved.map(({ id, kind, name = '', createdAt }) => ({
          name: `keep-${id}`,
          label: words.means[kind]({ name, date: formatDate(page.locale, createdAt) }),
          checked: false,
        }))}
      />
    </>
  );
};

export const LinkPage = (props: Props) => {
  const { t, page, error, ask, blocked } = props;
  const words = t.link;
  // The passkey alone is asked: whoever has used it comes back to this page and decides.
  const decide = !blocked && (ask.length === 0 || ask.includes('password'));
  return (
    <Layout
      page={page}
      title={props.replaces ? words.replace.title : words.title}
      error={error !== undefined}
      summary={
        error === undefined ? undefined : (
          <ErrorSummary
            title={words.errorTitle}
            errors={[{ message: words.error[error], ...(error === 'passkey' ? {} : { field: 'password' }) }]}
          />
        )
      }
      service={<Service {...props} />}
    >
      <Card id="vergleich" heading={words.compare}>
        <p class="kern-body">
          {props.replaces ? words.replace.lead({ account: props.account }) : words.lead({ account: props.account })}
        </p>
        <Comparison {...props} />
      </Card>
      {props.namesDiffer ? (
        <Alert tone="warning" title={words.namesDiffer.title}>
          <p class="kern-body">{words.namesDiffer.text}</p>
        </Alert>
      ) : null}
      <Card id="folgen" heading={words.effectsTitle}>
        <ul class="bid-list">
          {(props.replaces ? words.replace.effects : words.effects).map((effect) => (
            <li key={effect}>{effect}</li>
          ))}
          {props.confirms.map(({ means, reaches }) => (
            <li key={means}>{words.confirms[means]({ level: page.common.level.name[reaches] })}</li>
          ))}
        </ul>
        {blocked ? (
          <Alert tone="warning" title={t.off.password.title}>
            <p class="kern-body">{t.off.password.text}</p>
          </Alert>
        ) : null}
        {props.passkey === undefined ? null : (
          <>
            <p class="kern-body">{words.passkeyHint}</p>
            <PasskeyWay
              {...props}
              passkey={props.passkey}
              label={words.passkey}
              weight={decide ? 'secondary' : 'primary'}
            />
          </>
        )}
        {decide ? (
          <form class="bid-form" id="hinzufuegen" method="post" action={`${props.base}/ausweis-hinzufuegen`}>
            <input type="hidden" name="csrf" value={props.csrf} />
            <input type="hidden" name="answer" value="add" />
            <Unproved {...props} />
            {ask.includes('password') ? (
              <PasswordField
                page={page}
                name="password"
                label={words.password}
                hint={words.passwordHint}
                autocomplete="current-password"
                {...(error === undefined || error === 'passkey' ? {} : { error: words.error[error] })}
              />
            ) : null}
          </form>
        ) : null}
        <Actions>
          {!decide ? null : <Button form="hinzufuegen">{props.replaces ? words.replace.button : words.button}</Button>}
          <Back
            {...props}
            label={
              props.replaces
                ? words.replace.decline({ service: props.service.name })
                : words.decline({ service: props.service.name })
            }
          />
        </Actions>
      </Card>
    </Layout>
  );
};
