import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';

/** Answers of a browser's credential API as our script posts them: JSON in a form field, base64url within. */

const base64url = z.string().regex(/^[\w-]+$/);

const common = { id: base64url, rawId: base64url, type: z.literal('public-key') };

const assertion = z.object({
  ...common,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.optional(),
  }),
});

const attestation = z.object({
  ...common,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(32)).max(8).optional(),
  }),
});

const clientData = z.object({ challenge: base64url, crossOrigin: z.boolean().optional() });

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

interface Answer<Response> {
  readonly response: Response;
  readonly challenge: string;
}

/** What the browser signed is looked at before the signature is, to find the challenge; the check of the rest comes after. */
const withChallenge = <Response extends { readonly response: { readonly clientDataJSON: string } }>(
  response: Response,
): Answer<Response> | undefined => {
  const data = clientData.safeParse(parseJson(Buffer.from(response.response.clientDataJSON, 'base64url').toString()));
  // None of our pages is shown inside another one.
  if (!data.success || data.data.crossOrigin === true) return undefined;
  return { response, challenge: data.data.challenge };
};

export const readAssertion = (text: string): Answer<AuthenticationResponseJSON> | undefined => {
  const read = assertion.safeParse(parseJson(text));
  if (!read.success) return undefined;
  const { response, ...rest } = read.data;
  const { userHandle, ...signed } = response;
  return withChallenge({
    ...rest,
    clientExtensionResults: {},
    response: { ...signed, ...(userHandle === undefined ? {} : { userHandle }) },
  });
};

export const readAttestation = (text: string): Answer<RegistrationResponseJSON> | undefined => {
  const read = attestation.safeParse(parseJson(text));
  if (!read.success) return undefined;
  const { response, ...rest } = read.data;
  const { transports = [], ...made } = response;
  return withChallenge({
    ...rest,
    clientExtensionResults: {},
    response: { ...made, transports },
  });
};
