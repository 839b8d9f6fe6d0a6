import type { DeveloperMessages } from './index.ts';

export const en: DeveloperMessages = {
  title: 'For developers',
  lead: 'This is how to connect a service to Bayern-ID: with one YAML file and any OpenID Connect library. Everything else is in the discovery document.',
  toOverview: 'To the overview for developers',
  address: {
    title: 'The one address',
    body: () => (
      <p class="kern-body">
        Your service needs the issuer alone. It stands in every token and is compared character by character, so without
        a slash at its end.
      </p>
    ),
    issuer: 'Issuer',
    document: 'Discovery document',
    readable: 'The discovery document, explained member by member',
  },
  start: {
    title: 'Your first login in ten minutes',
    check: 'Start Bayern-ID on your own machine. You need Linux, Node from version 20 on, and npm.',
    secret: 'In a second window, in the same folder, make the secret of your service.',
    client: 'Put the file of your service into config/clients. It applies at once, without a restart.',
    program: 'Start one of the three programs.',
    open: () => (
      <>
        Open <code class="bid-code">http://localhost:8080</code> and sign in as one of the test persons.
      </>
    ),
    command: (p) => `Command of step ${p.step}`,
    commandOf: (p) => `Command for ${p.name}`,
    here: 'This installation is no test environment: the file of your service is added by whoever runs it. To try things out, start Bayern-ID on your own machine.',
    programs: 'The programs to read:',
    programLink: (p) => `Quick start for ${p.name}`,
  },
  program: {
    title: (p) => `Quick start for ${p.name}`,
    lead: 'A whole service in one file: sign in, check the ID token, show name and level of assurance, ask for a higher level.',
    tested:
      'The program runs in our tests against this version of Bayern-ID. There it must also refuse forged tokens, answers from elsewhere and wrong issuers.',
    run: 'Start it',
    file: 'The program',
    fileLabel: (p) => `File ${p.file}`,
    commandLabel: 'Command to start it',
    others: 'The same in another language',
  },
  client: {
    title: 'Add a service',
    body: () => (
      <>
        <p class="kern-body">
          Every service is one file in <code class="bid-code">config/clients</code>;{' '}
          <code class="bid-code">npm run -s bayern-id -- client new</code> asks for what is needed and writes it. It
          applies as soon as it is saved. With a broken file everything stays as it was; file, line and reason are in
          the log and in the output of <code class="bid-code">npm run -s bayern-id -- check</code>.
        </p>
        <p class="kern-body">
          Names and meanings are those of OAuth. PKCE is required, tokens are signed with ES256, and every service sees
          another <code class="bid-code">sub</code> for the same person. Instead of a secret you can use keys (
          <code class="bid-code">private_key_jwt</code>) or a certificate. Every key with its default is in{' '}
          <code class="bid-code">config/schema/client.json</code>.
        </p>
      </>
    ),
    label: 'File of a service',
  },
  levels: {
    title: 'Levels of assurance',
    body: () => (
      <p class="kern-body">
        A service asks for a level as a minimum. If the login is not enough, Bayern-ID asks for more; if it is, the
        answer comes without a question. The level falls with the time that passes after the login.
      </p>
    ),
    caption: 'The levels, their values in acr, and by what they are reached here',
    name: 'Level',
    acr: 'acr',
    means: 'How it is reached here',
    mean: { password: 'User name and password', eid: 'Online-Ausweis (German eID)' },
    basicByPassword: 'User name and password, as long as no card belongs to the account',
    nobody: 'in this installation by no means of login',
    other: 'The names of STORK and the short names are understood as well, for example:',
    how: 'How to ask for a level',
    ways: [
      'In the request, by acr_values. It is a minimum for this one login.',
      'In the request, by the parameter claims with an acr that is essential, as in the example below.',
      'In the file of the service, by minimum_level. No login comes about below it, whatever the request says.',
    ],
    check: () => (
      <p class="kern-body">
        Always check <code class="bid-code">acr</code> in the ID token yourself. If the level is not reached, an error
        comes back: <code class="bid-code">unmet_authentication_requirements</code>, or{' '}
        <code class="bid-code">access_denied</code> when the person cancels.
      </p>
    ),
    label: 'Request with acr_values',
  },
  verified: {
    title: 'Verified data from the card',
    body: () => (
      <p class="kern-body">
        What was read from the card comes as <code class="bid-code">verified_claims</code> (OpenID Identity Assurance
        1.0): the data, their level and the time of the check. Self-asserted data never appear there. In its file the
        service lists what it may ask for:
      </p>
    ),
    line: "Line in the service's file",
    request: 'The parameter claims of the request',
    answer: 'The answer of userinfo',
  },
  persons: {
    title: 'Test persons',
    body: 'All of them are invented. On the sign-in page of a service they have a button that signs them in with one click.',
    accounts: 'Accounts',
    accountsCaption: 'Accounts with user name and password',
    login: 'User name',
    password: 'Password',
    person: 'Person',
    levels: 'With the password, accounts are at basic registration until a card is added.',
    cards: 'Cards in the eID simulator, PIN 123456',
    cardsCaption: 'Cards of the eID simulator',
    card: 'Card',
    purpose: 'What for',
  },
  tools: {
    title: 'To try things out',
    post: 'Post: the e-mails that would have been sent here',
    playground: 'Playground: put requests together, see every message, switch faults on',
    stories: 'Building blocks: all states of the pages',
  },
  errors: {
    title: 'When a login does not come about',
    body: () => (
      <>
        <p class="kern-body">
          If the <code class="bid-code">redirect_uri</code> is wrong, the test environment shows which one was sent,
          which are registered and where they first differ. Outside the test environment this is in the log alone, under
          the error number of the page.
        </p>
        <p class="kern-body">
          All other errors come back to your <code class="bid-code">redirect_uri</code>, with{' '}
          <code class="bid-code">error</code>, <code class="bid-code">state</code> and <code class="bid-code">iss</code>
          .
        </p>
      </>
    ),
  },
  status: {
    title: 'Status',
    there: 'What is there',
    thereItems: [
      'Login with user name and password, passkey, code from an app and with the Online-Ausweis; raising the level, release of data.',
      'Registration, also by prompt=create; Mein Konto; login without an account, where the file of the service allows it.',
      'Code flow with PKCE, PAR, JAR, JARM, form_post, private_key_jwt, mTLS, DPoP, FAPI 2.0, back-channel logout.',
      'Encrypted tokens, introspection, access to APIs by resource.',
    ],
    missing: 'Limits',
    missingItems: [
      'Only test cards of the Online-Ausweis are read here: in the simulator, or with the AusweisApp and its simulated card (npm run start:ausweisapp).',
    ],
    changes: 'Changes',
    changesItems: ['New are Mein Postfach, Bezahlsystem, Führungszeugnis and the pages of the register authority.'],
  },
  discovery: {
    title: 'The discovery document explained',
    lead: 'The values are those of the document that this server gives out.',
    raw: 'The document itself',
    yes: 'yes',
    no: 'no',
    unknown: 'Other members',
    unknownText: 'This member is not explained here.',
    groups: {
      addresses: {
        title: 'Addresses',
        members: {
          issuer: 'Name and address of Bayern-ID; it stands as iss in every token and every answer.',
          authorization_endpoint: 'The service sends the browser here, so that the person signs in.',
          token_endpoint: 'Here the service exchanges the code for tokens.',
          userinfo_endpoint: 'Here the service fetches the released data with the access token.',
          jwks_uri: 'The public keys by which the service checks signatures.',
          pushed_authorization_request_endpoint: 'Here the service leaves a request (PAR) before it sends the browser.',
          introspection_endpoint: 'Here an API asks whether an access token is good, and for what.',
          revocation_endpoint: 'Here a service gives back a token that it does not need any more.',
          end_session_endpoint: 'The service sends the browser here when the person signs out.',
          mtls_endpoint_aliases: 'The same addresses for services that authenticate by a certificate.',
          service_documentation: 'The pages that you are reading.',
        },
      },
      requests: {
        title: 'Requests and answers',
        members: {
          response_types_supported: 'There is the code flow alone.',
          response_modes_supported:
            "How the answer travels; all but query must be in the service's file, jwt means signed (JARM).",
          grant_types_supported: 'What can be redeemed at the token endpoint.',
          code_challenge_methods_supported: 'Methods for PKCE; PKCE is required unless the file says otherwise.',
          prompt_values_supported: 'Whether the person may or must be asked: none never asks, login always.',
          claims_parameter_supported: 'Whether single data can be asked for by the parameter claims.',
          request_parameter_supported: 'Whether a signed request may come along as a JWT (JAR).',
          request_uri_parameter_supported:
            "Whether a request is fetched from the service's address; it never is, only addresses from PAR count.",
          request_object_signing_alg_values_supported: 'By what the service may sign such a request.',
          authorization_response_iss_parameter_supported:
            'Every answer names its issuer in iss; compare it (RFC 9207).',
          authorization_signing_alg_values_supported: 'By what answers are signed with JARM.',
          authorization_encryption_alg_values_supported: 'How the key is wrapped with JARM.',
          authorization_encryption_enc_values_supported: 'How the content is encrypted with JARM.',
          ui_locales_supported: 'Languages of the pages; the service wishes for one by ui_locales.',
        },
      },
      clients: {
        title: 'How the service authenticates',
        members: {
          token_endpoint_auth_methods_supported: 'By what services authenticate; private_key_jwt is the best.',
          token_endpoint_auth_signing_alg_values_supported: 'By what they sign in doing so.',
          tls_client_certificate_bound_access_tokens: 'Whether tokens can be bound to the certificate of the service.',
          dpop_signing_alg_values_supported: 'By what DPoP proofs are signed, which bind a token to a key.',
        },
      },
      data: {
        title: 'Persons, levels and data',
        members: {
          subject_types_supported: 'pairwise means: every service knows the same person by another sub.',
          scopes_supported: 'Packets of data that the service can ask for if its file names them.',
          claims_supported: 'All data that there are.',
          claim_types_supported: 'Data stand in the token or in userinfo itself.',
          acr_values_supported: 'The levels in every spelling that a request may use.',
          verified_claims_supported: 'Whether there are verified data (OpenID Identity Assurance).',
          trust_frameworks_supported: 'By which set of rules they are verified.',
          claims_in_verified_claims_supported: 'Which data there are verified.',
          evidence_supported: 'By what they are verified.',
          documents_supported: 'Which documents that are: identity card, residence permit, eID card for EU citizens.',
          documents_check_methods_supported: 'How it is checked: the chip proves by cryptography that it is genuine.',
        },
      },
      tokens: {
        title: 'Signing and encryption',
        members: {
          id_token_signing_alg_values_supported:
            "By what ID tokens are signed; the service's file chooses, otherwise ES256.",
          id_token_encryption_alg_values_supported: 'How the key is wrapped in encrypted ID tokens.',
          id_token_encryption_enc_values_supported: 'How their content is encrypted.',
          userinfo_signing_alg_values_supported: 'By what userinfo is signed as a JWT.',
          userinfo_encryption_alg_values_supported: 'How the key is wrapped in encrypted userinfo.',
          userinfo_encryption_enc_values_supported: 'How the content is encrypted.',
          introspection_signing_alg_values_supported: 'By what answers of introspection are signed.',
          introspection_encryption_alg_values_supported: 'How the key is wrapped there.',
          introspection_encryption_enc_values_supported: 'How the content is encrypted there.',
        },
      },
      logout: {
        title: 'Signing out',
        members: {
          backchannel_logout_supported: 'Whether services are told from server to server that a session ends.',
          backchannel_logout_session_supported: 'Whether that notice names the session by sid.',
        },
      },
    },
  },
};
