export const de = {
  title: 'Post',
  lead: 'Auf diesem Rechner geht keine E-Mail hinaus. Hier steht, was verschickt worden wäre; das Neueste zuerst.',
  empty: 'Noch keine E-Mail',
  to: 'An',
  at: 'Wann',
  type: 'Art',
  html: (p: { subject: string }) => `„${p.subject}“, wie sie aussieht`,
  text: (p: { subject: string }) => `„${p.subject}“ als reiner Text`,
  textLabel: (p: { subject: string }) => `Reiner Text von „${p.subject}“`,
  machines: 'Für Programme',
  json: 'Tests lesen Codes und Links als JSON, auf Wunsch nur die Post an eine Adresse:',
  jsonLabel: 'Adresse für Programme',
};
