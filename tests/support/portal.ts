/** What `${NAME}` stands for in the shipped files of authorities and services. */
export const portalVariables = {
  ISSUER: 'http://localhost:3000',
  BAYERN_PORTAL_ORIGIN: 'http://localhost:3001',
  MEIN_POSTFACH_ORIGIN: 'http://localhost:3002',
  BEZAHLSYSTEM_ORIGIN: 'http://localhost:3003',
  FUEHRUNGSZEUGNIS_ORIGIN: 'http://localhost:3004',
  REGISTERBEHOERDE_ORIGIN: 'http://localhost:3006',
  SECRETS: 'secrets',
};
