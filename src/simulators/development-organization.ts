/** Organisation (O) in every certificate of the development PKI; production knows them by it and refuses them. */
export const developmentOrganization = 'Bayern-ID development, worth nothing';
