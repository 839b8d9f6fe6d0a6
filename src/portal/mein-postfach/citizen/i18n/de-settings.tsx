/** Words of the settings: what a citizen agrees to stands here, so a change of meaning needs a new number in settings-routes.ts. */
export const deSettings = {
  title: 'Postfach-Einstellungen',
  notices: {
    heading: 'Hinweis per E-Mail',
    what: 'Kommt ein Brief an, schicken wir Ihnen eine E-Mail. In ihr steht nur, dass ein Brief da ist: nicht von wem, nicht worüber.',
    address:
      'Wir schicken sie an die bestätigte E-Mail-Adresse Ihrer Bayern-ID. Ändern können Sie die Adresse dort in „Mein Konto“.',
    on: 'Eingeschaltet',
    off: 'Ausgeschaltet',
    offNote:
      'Ohne Hinweis müssen Sie selbst regelmäßig nachsehen: Fristen laufen auch, wenn Sie einen Brief nicht bemerken.',
    turnOn: 'Hinweise einschalten',
    turnOff: 'Hinweise ausschalten',
  },
  consents: {
    heading: 'Einwilligungen',
    lead: 'Beides ist freiwillig, gilt getrennt voneinander, und Sie können es jederzeit für künftige Briefe widerrufen. Ohne Einwilligung schicken Behörden solche Schreiben auf Papier.',
    bekanntgabe: {
      heading: 'Bescheide elektronisch bekannt geben',
      what: 'Behörden dürfen Ihnen Bescheide in dieses Postfach legen statt in den Briefkasten (Art. 24 BayDiG).',
      consequences: [
        'Der Bescheid gilt am dritten Tag nach unserem Hinweis per E-Mail als angekommen, auch wenn Sie ihn nicht lesen.',
        'Ab diesem Tag laufen Fristen, zum Beispiel für einen Widerspruch. Ist die Frist vorbei, wird der Bescheid endgültig.',
        'Sehen Sie deshalb regelmäßig ins Postfach und lassen Sie die Hinweise eingeschaltet.',
      ],
    },
    zustellung: {
      heading: 'Schreiben elektronisch förmlich zustellen',
      what: 'Behörden dürfen Ihnen auch Schreiben hierher schicken, die sonst mit Zustellungsurkunde kommen, die gelben Briefe (Art. 25 BayDiG).',
      consequences: [
        'Das sind besonders wichtige Schreiben: Mit der Zustellung beginnen Fristen, die oft kurz sind.',
        'Wann ein Schreiben zugestellt ist, hält das Postfach fest. Diese Zeiten gelten als Nachweis.',
        'Versäumen Sie eine Frist, können Sie Rechte verlieren.',
      ],
    },
    given: (p: { when: string }) => `Eingewilligt am ${p.when}`,
    notGiven: 'Nicht eingewilligt',
    understood: 'Ich habe die Folgen gelesen und willige ein.',
    understoodError: 'Setzen Sie den Haken, wenn Sie die Folgen gelesen haben und einwilligen.',
    consequencesHeading: 'Das hat Folgen:',
    give: { bekanntgabe: 'In die Bekanntgabe einwilligen', zustellung: 'In die Zustellung einwilligen' },
    withdraw: { bekanntgabe: 'Bekanntgabe widerrufen', zustellung: 'Zustellung widerrufen' },
    withdrawNote: 'Der Widerruf gilt für Briefe, die von jetzt an kommen.',
    history: 'Bisherige Einwilligungen',
    events: {
      bekanntgabe: { consent_given: 'Bekanntgabe: eingewilligt', consent_withdrawn: 'Bekanntgabe: widerrufen' },
      zustellung: { consent_given: 'Zustellung: eingewilligt', consent_withdrawn: 'Zustellung: widerrufen' },
    },
  },
  senders: {
    heading: 'Wer Ihnen schreiben darf',
    what: 'Schreiben kann Ihnen nur, wem Sie Ihr Postfach bei einem Antrag freigegeben haben. Wen Sie sperren, der bekommt eine Absage und schreibt Ihnen auf Papier.',
    none: 'Bisher hat Ihnen niemand geschrieben.',
    allowed: 'darf schreiben',
    blocked: (p: { date: string }) => `gesperrt seit ${p.date}`,
    block: 'Sperren',
    unblock: 'Wieder zulassen',
    blockOf: (p: { name: string }) => `${p.name} sperren`,
    unblockOf: (p: { name: string }) => `${p.name} wieder zulassen`,
    consent: 'Freigaben sehen und widerrufen Sie in der Bayern-ID unter „Mein Konto“, „Dienste“.',
  },
  deletion: {
    heading: 'Was beim Löschen geschieht',
    trash: (p: { days: number }) =>
      `Ein Brief im Papierkorb bleibt ${p.days} Tage. Danach sind er und seine Anlagen endgültig weg.`,
    items: [
      'Die Behörde erfährt, dass Sie einen Brief gelöscht haben.',
      'Löschen Sie Ihr Konto bei der Bayern-ID, wird der Schlüssel dieses Postfachs vernichtet. Kein Brief lässt sich dann noch lesen, auch nicht aus Sicherungen. Speichern Sie vorher, was Sie brauchen.',
      'An Fristen ändert das Löschen nichts.',
    ],
  },
  done: {
    'hinweise-an': 'Hinweise per E-Mail sind eingeschaltet.',
    'hinweise-aus': 'Hinweise per E-Mail sind ausgeschaltet.',
    einwilligen: 'Ihre Einwilligung ist gespeichert.',
    widerrufen: 'Ihr Widerruf ist gespeichert.',
    sperren: 'Der Absender ist gesperrt.',
    zulassen: 'Der Absender darf Ihnen wieder schreiben.',
  },
};
