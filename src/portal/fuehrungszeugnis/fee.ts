/** Fee of a Führungszeugnis in cents (KV-Nr. 1130 JVKostG). */
export const fee = 1300;
