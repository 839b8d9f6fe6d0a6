import { get } from 'node:http';
import type { AusweisApp, CardUse, UseOutcome } from './ausweisapp.ts';
import type { Person } from './browse.ts';
import type { Page } from './cookie-browser.ts';

const mostAttempts = 5;

/**
 * Uses the card until the client did not stumble over its own race: `begin` starts each time anew and brings the browser
 * to where the client sends it.
 */
export const withoutRace = async <T>(
  client: AusweisApp,
  how: CardUse,
  begin: (address: string) => Promise<T>,
  again: () => Promise<void> = () => Promise.resolve(),
): Promise<{ readonly arrived: T; readonly told: UseOutcome }> => {
  for (let attempt = 1; ; attempt += 1) {
    const from = client.log().length;
    const using = client.use(how);
    const [arrived, told] = await Promise.all([begin(client.address), using]).catch((error: unknown) => {
      // What the client thinks of it says no page.
      throw new Error(`the client said:\n${client.log().slice(from).slice(-14_000)}`, { cause: error });
    });
    if (!told.raced) return { arrived, told };
    if (attempt === mostAttempts) throw new Error(`the client lost its race ${mostAttempts} times in a row`);
    await again();
  }
};

/** The link to the client on a page that tells to open it. */
export const clientLink = (page: Page, address: string): string => {
  const href = [...page.body.matchAll(/href="([^"]+)"/g)]
    .map(([, found = '']) => found.replaceAll('&amp;', '&'))
    .find((found) => found.startsWith(`${address}?tcTokenURL=`));
  if (href === undefined) throw new Error(`no link to the AusweisApp on ${page.url.href}`);
  return href;
};

/**
 * Where the client sends the browser. It answers 102 with `Connection: close` first, and the real answer on the same
 * connection: browsers bear that, Node's parser has to be told to.
 */
export const sentTo = (address: string): Promise<string> =>
  new Promise((fulfil, reject) => {
    get(address, { agent: false, insecureHTTPParser: true }, (answer) => {
      answer.resume();
      const { location } = answer.headers;
      if (answer.statusCode === 303 && location !== undefined) fulfil(location);
      else reject(new Error(`the client answered ${answer.statusCode ?? 0}`));
    }).on('error', reject);
  });

/**
 * Starts the Online-Ausweis on a page that offers it and follows the link to the real client, which sends the browser
 * back. After a lost race the whole is begun anew from the page that says so.
 */
export const useRealCard = async (
  client: AusweisApp,
  person: Person,
  offer: Page,
  how: CardUse = {},
  again?: () => Promise<void>,
  /** Where the page's link leads, when that is not this client. */
  linked = client.address,
): Promise<{ readonly page: Page; readonly told: UseOutcome }> => {
  let page = offer;
  const { told } = await withoutRace(
    client,
    how,
    async (address) => {
      const eid = await person.submit(page, '/eid');
      page = await person.visit(await sentTo(clientLink(eid, linked).replace(linked, address)));
    },
    again,
  );
  return { page, told };
};
