import { decodeJwt, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { newSecret } from '../relying-party/pending-logins.ts';
import type { ProviderConnection } from '../relying-party/provider.ts';
import type { Fault } from './faults.ts';
import { checkIdToken, tampered } from './id-token.ts';
import { getUserinfo, linesOf, postAsClient, type Exchange, type Wire } from './protocol.ts';
import { wishedParameters, type Wish } from './request.ts';
import type { Check, Message, Run } from './runs.ts';

export interface Conversation extends Wire {
  readonly connection: ProviderConnection;
  readonly redirectUri: string;
}

/** Wrong on purpose; the provider must refuse it. */
const foreignAudience = 'https://another.example';

const endpoint = (address: string | undefined): string => {
  if (address === undefined) throw new Error('the metadata name no such endpoint');
  return address;
};

const errorOf = ({ body, status }: Exchange): string => {
  const { error, error_description: description } = body as { error?: unknown; error_description?: unknown };
  const code = typeof error === 'string' ? error : `HTTP ${status}`;
  return typeof description === 'string' ? `${code}: ${description}` : code;
};

/** Who the client assertions of this run are made out to; empty for the right one. */
const audienceOf = (fault: Fault | ''): string => (fault === 'assertion_audience' ? foreignAudience : '');

/** Builds the request and, with PAR, leaves it with the provider. */
export const begin = async (talk: Conversation, wish: Wish, state: string): Promise<Run> => {
  const metadata = talk.connection.configuration.serverMetadata();
  const [nonce, verifier] = [newSecret(), oidc.randomPKCECodeVerifier()];
  const parameters = {
    client_id: talk.clientId,
    response_type: 'code',
    redirect_uri: wish.fault === 'redirect_uri' ? `${talk.redirectUri}/` : talk.redirectUri,
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...wishedParameters(wish),
  };
  const run = { wish, nonce, verifier, checks: [], outcome: 'open' } as const;
  const messages: Message[] = [];
  let sent: Readonly<Record<string, string>> = parameters;
  if (wish.par) {
    const url = endpoint(metadata.pushed_authorization_request_endpoint);
    const pushed = await postAsClient(talk, url, parameters, audienceOf(wish.fault));
    messages.push({ step: 'par', text: pushed.request }, { step: 'parAnswer', text: pushed.answer });
    const { request_uri: requestUri } = pushed.body;
    if (pushed.status !== 201 || typeof requestUri !== 'string')
      return { ...run, messages, outcome: 'error', error: errorOf(pushed) };
    sent = { client_id: talk.clientId, request_uri: requestUri };
  }
  const address = new URL(endpoint(metadata.authorization_endpoint));
  address.search = new URLSearchParams(sent).toString();
  messages.push({ step: 'authorization', text: `GET ${address.origin}${address.pathname}\n\n${linesOf(sent)}` });
  return { ...run, messages, address: address.href };
};

/** What the answer says; with JARM it is in a JWT, which only this client's may be. */
export const openAnswer = async (
  talk: Conversation,
  parameters: Readonly<Record<string, string>>,
): Promise<{ readonly fields: Readonly<Record<string, string>>; readonly jarm?: Check }> => {
  const { response } = parameters;
  if (response === undefined) return { fields: parameters };
  const strings = (claims: object): Record<string, string> =>
    Object.fromEntries(Object.entries(claims).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
  try {
    const { payload } = await jwtVerify(response, talk.connection.keys, {
      issuer: talk.issuer,
      audience: talk.clientId,
    });
    return { fields: strings(payload), jarm: { name: 'jarm', passed: true, detail: 'jwks_uri, iss, aud, exp' } };
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'error';
    try {
      return { fields: strings(decodeJwt(response)), jarm: { name: 'jarm', passed: false, detail } };
    } catch {
      return { fields: {}, jarm: { name: 'jarm', passed: false, detail } };
    }
  }
};

/** The answer as this run's fault makes it look, or undefined when it stays as it came. */
const alteredBy = (
  fault: Fault | '',
  fields: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined => {
  const { code: _code, ...rest } = fields;
  if (fault === 'denied') return { ...rest, error: 'access_denied' };
  if (fault === 'state') return { ...fields, state: 'the-state-of-another-login' };
  if (fault === 'iss') return { ...fields, iss: foreignAudience };
  return undefined;
};

const same = (name: Check['name'], expected: string, given: string | undefined): Check => ({
  name,
  passed: given === expected,
  detail: given === expected ? given : `${given ?? '–'} ≠ ${expected}`,
});

/** Goes on from the answer to the end: compares it, redeems the code, checks the ID token, reads userinfo. */
export const proceed = async (
  talk: Conversation,
  run: Run,
  state: string,
  came: { readonly parameters: Readonly<Record<string, string>>; readonly method: 'GET' | 'POST' },
): Promise<Run> => {
  const { fault, level } = run.wish;
  const messages = [...run.messages];
  const checks: Check[] = [];
  const end = (rest: Pick<Run, 'outcome'> & Partial<Run>): Run => ({ ...run, ...rest, messages, checks });
  const failed = (): boolean => checks.some(({ passed }) => !passed);

  messages.push({ step: 'answer', text: `${came.method} ${talk.redirectUri}\n\n${linesOf(came.parameters)}` });
  const opened = await openAnswer(talk, came.parameters);
  if (opened.jarm) {
    checks.push(opened.jarm);
    messages.push({ step: 'jarm', text: linesOf(opened.fields) });
  }
  const altered = alteredBy(fault, opened.fields);
  if (altered) messages.push({ step: 'altered', text: linesOf(altered) });
  const { code, error, error_description: description, ...answer } = altered ?? opened.fields;
  checks.push(same('state', state, answer['state']), same('iss', talk.issuer, answer['iss']));
  if (failed()) return end({ outcome: 'refused' });
  if (error !== undefined || code === undefined) {
    const text = description === undefined ? (error ?? 'no code') : `${error ?? ''}: ${description}`;
    return end({ outcome: 'error', error: text });
  }

  const metadata = talk.connection.configuration.serverMetadata();
  const redeem = (): Promise<Exchange> =>
    postAsClient(
      talk,
      endpoint(metadata.token_endpoint),
      {
        grant_type: 'authorization_code',
        code,
        redirect_uri: talk.redirectUri,
        code_verifier: fault === 'verifier' ? newSecret() : run.verifier,
      },
      audienceOf(fault),
    );
  const tokens = await redeem();
  messages.push({ step: 'token', text: tokens.request }, { step: 'tokenAnswer', text: tokens.answer });
  const { id_token: idToken, access_token: accessToken } = tokens.body;
  if (tokens.status !== 200 || typeof idToken !== 'string' || typeof accessToken !== 'string')
    return end({ outcome: 'error', error: errorOf(tokens) });
  if (fault === 'code') {
    const again = await redeem();
    messages.push({ step: 'again', text: again.request }, { step: 'againAnswer', text: again.answer });
    return end({ outcome: 'error', error: errorOf(again) });
  }

  const { nonce } = run;
  const { issuer, clientId } = talk;
  const { keys } = talk.connection;
  const token = fault === 'signature' ? tampered(idToken) : idToken;
  const checked = await checkIdToken(token, { issuer, clientId, nonce, accessToken, level, keys }, fault);
  messages.push({ step: 'idToken', text: checked.text });
  checks.push(...checked.checks);
  if (failed()) return end({ outcome: 'refused' });

  const userinfo = await getUserinfo(talk, endpoint(metadata.userinfo_endpoint), accessToken);
  messages.push({ step: 'userinfo', text: userinfo.request }, { step: 'userinfoAnswer', text: userinfo.answer });
  if (userinfo.status !== 200) return end({ outcome: 'error', error: errorOf(userinfo) });
  const { sub } = userinfo.body;
  checks.push(same('sub', checked.claims.sub ?? '', typeof sub === 'string' ? sub : undefined));
  if (failed()) return end({ outcome: 'refused' });
  return end({ outcome: 'accepted', ...(checked.level === undefined ? {} : { level: checked.level }) });
};
