import { Details } from '../../../web/components/index.ts';
import type { FlowView, LoginView } from '../views.ts';
import type { Frame } from './frame.tsx';

/** Test mode only: who a newcomer can be, with one click. */
export const TestPersons = (
  props: FlowView & Frame & { persons: NonNullable<LoginView['testPersons']>; open?: boolean },
) => {
  const words = props.t.login.testPersons;
  return (
    <div class="bid-back">
      <Details summary={words.summary} open={props.open ?? false}>
        <table class="bid-persons">
          <caption class="kern-sr-only">{words.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{words.login}</th>
              <th scope="col">{words.password}</th>
              <th scope="col">{words.about}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {props.persons.map((person) => (
              <tr key={person.login}>
                <th scope="row">{person.login}</th>
                <td data-label={words.password}>
                  <code class="bid-code">{person.password}</code>
                </td>
                <td data-label={words.about}>{person.about}</td>
                <td>
                  <form method="post" action={`${props.base}/passwort`}>
                    <input type="hidden" name="csrf" value={props.csrf} />
                    <input type="hidden" name="login" value={person.login} />
                    <input type="hidden" name="password" value={person.password} />
                    <button class="bid-linkbutton" type="submit" aria-label={words.useFull({ login: person.login })}>
                      {words.use}
                    </button>
                  </form>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Details>
    </div>
  );
};
