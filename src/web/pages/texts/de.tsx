/** The pages that every part has: help, legal notices, accessibility. German is the shape. */
export const de = {
  help: {
    title: 'Hilfe',
    signIn: {
      title: 'Anmelden',
      body: () => (
        <>
          <p>
            Sie melden sich mit Ihrem Online-Ausweis, mit einem Passkey oder mit Benutzername und Passwort an. Der
            Online-Ausweis öffnet alle Dienste. Mit einem Passwort allein erreichen Sie die Dienste, die wenig über Sie
            wissen müssen.
          </p>
          <p>
            Sie melden sich nur einmal an. Danach erkennen alle angeschlossenen Dienste Sie wieder, bis Sie sich
            abmelden.
          </p>
        </>
      ),
    },
    level: {
      title: 'Was ist das Vertrauensniveau?',
      body: () => (
        <>
          <p>Das Vertrauensniveau sagt, wie sicher wir wissen, wer Sie sind. Es gibt vier Stufen:</p>
          <ul>
            <li>
              <strong>Basisregistrierung</strong>: Sie haben Ihre Angaben selbst gemacht.
            </li>
            <li>
              <strong>niedrig</strong>: Ihre Person ist bestätigt, Sie melden sich mit einem Passwort an.
            </li>
            <li>
              <strong>substantiell</strong>: Ihre Person ist bestätigt, Sie melden sich mit zwei Nachweisen an.
            </li>
            <li>
              <strong>hoch</strong>: Sie weisen sich mit dem Online-Ausweis aus.
            </li>
          </ul>
          <p>
            Jeder Dienst sagt, welche Stufe er braucht. Eine hohe Stufe gilt nur kurze Zeit, danach weisen Sie sich noch
            einmal aus. Ihre Eingaben bleiben dabei erhalten.
          </p>
        </>
      ),
    },
    trouble: {
      title: 'Die Anmeldung klappt nicht',
      body: () => (
        <ul>
          <li>Prüfen Sie bei Benutzername und Passwort Groß- und Kleinschreibung.</li>
          <li>
            Nach mehreren falschen Versuchen müssen Sie vor dem nächsten warten: erst Sekunden, nach jedem weiteren
            länger, höchstens eine Viertelstunde. Mit dem Online-Ausweis können Sie sich auch dann anmelden.
          </li>
          <li>Erlauben Sie Cookies für diese Seite. Ohne sie wissen wir nicht, wer das Formular geschickt hat.</li>
          <li>Beginnen Sie beim Dienst neu, wenn eine Seite zu lange offen war.</li>
        </ul>
      ),
    },
    forgotten: {
      title: 'Passwort vergessen',
      body: () => (
        <>
          <p>
            Wählen Sie auf der Anmeldeseite „Passwort vergessen?“. Wir schicken Ihnen eine E-Mail mit einem Link, mit
            dem Sie ein neues Passwort setzen. Er gilt 30 Minuten.
          </p>
          <ul>
            <li>
              Ist Ihr Online-Ausweis mit dem Konto verbunden oder haben Sie einen Passkey, kommen Sie damit auch ohne
              Passwort in Ihr Konto.
            </li>
            <li>
              Haben Sie keine E-Mail-Adresse angegeben und keinen anderen Weg, lässt sich das Konto nicht mehr öffnen.
              Mit dem Online-Ausweis können Sie ein neues anlegen.
            </li>
          </ul>
        </>
      ),
    },
    contact: {
      title: 'Kontakt',
      none: 'Diese Demonstration hat keine Adresse, an die Sie sich wenden können: Niemand beantwortet hier Anfragen.',
      mail: 'Schreiben Sie an:',
      body: () => (
        <p>
          Unter der Fehlernummer, die manche Seiten zeigen, finden die Betreiber den Vorgang in ihrem Protokoll. Nennen
          Sie nie jemandem Ihr Passwort oder Ihre PIN.
        </p>
      ),
    },
    eidLink: 'Hilfe zum Online-Ausweis, zu PIN, CAN und PUK',
  },
  eidHelp: {
    title: 'Hilfe zum Online-Ausweis',
    allHelp: 'Zur ganzen Hilfe: Anmelden, Vertrauensniveau, Passwort',
    what: {
      title: 'Was ist der Online-Ausweis?',
      body: () => (
        <p>
          Ihr Personalausweis hat einen Chip. Mit ihm können Sie sich im Internet ausweisen. Dasselbe können der
          elektronische Aufenthaltstitel und die eID-Karte für Bürgerinnen und Bürger der Europäischen Union. Sie
          brauchen dazu die kostenlose AusweisApp und ein Smartphone oder ein Kartenlesegerät.
        </p>
      ),
    },
    how: {
      title: 'So geht es',
      steps: [
        'Installieren und starten Sie die AusweisApp.',
        'Öffnen Sie die AusweisApp mit dem Knopf auf unserer Seite.',
        'Lesen Sie, wer welche Daten haben möchte.',
        'Halten Sie die Karte an das Smartphone oder legen Sie sie auf das Lesegerät.',
        'Geben Sie Ihre sechsstellige PIN ein und warten Sie, bis der Browser weitergeht.',
      ],
    },
    pin: {
      title: 'PIN',
      body: () => (
        <p>
          Die PIN hat sechs Ziffern und ist nur Ihnen bekannt. Im Brief nach der Beantragung steht eine fünfstellige
          Transport-PIN. Ersetzen Sie sie einmal in der AusweisApp durch Ihre eigene PIN.
        </p>
      ),
    },
    can: {
      title: 'CAN',
      body: () => (
        <p>
          Die CAN ist die sechsstellige Zahl auf der Vorderseite der Karte. Nach zwei falschen PIN fragt die AusweisApp
          danach. So kann niemand aus der Ferne Ihre PIN sperren.
        </p>
      ),
    },
    puk: {
      title: 'PUK',
      body: () => (
        <p>
          Nach drei falschen PIN ist die PIN gesperrt. Die zehnstellige PUK aus dem PIN-Brief entsperrt sie, höchstens
          zehnmal. Die PIN bleibt dabei dieselbe.
        </p>
      ),
    },
    lost: {
      title: 'PIN oder PUK vergessen',
      body: () => (
        <p>
          Gehen Sie mit dem Ausweis zu Ihrem Bürgeramt. Dort setzen Sie eine neue PIN. Einen kostenlosen Brief zum
          Zurücksetzen gibt es nicht mehr.
        </p>
      ),
    },
    lostCard: {
      title: 'Ausweis verloren',
      body: () => (
        <p>
          Lassen Sie die Online-Ausweisfunktion sofort sperren: beim Bürgeramt oder rund um die Uhr unter der
          Telefonnummer <a href="tel:116116">116 116</a>.
        </p>
      ),
    },
  },
  imprint: {
    title: 'Impressum',
    body: () => (
      <p>
        Diese Seiten gehören zu einem Demonstrationsprojekt. Sie sind kein Angebot des Freistaats Bayern. Hinter ihnen
        steht keine öffentliche Stelle.
      </p>
    ),
    operator: 'Betrieben von',
    noOperator: 'Wer diese Installation betreibt, hat hier noch keine Angaben hinterlegt.',
  },
  privacy: {
    title: 'Datenschutz',
    controller: {
      title: 'Wer verantwortlich ist',
      body: () => (
        <p>
          Für Konto und Anmeldung ist verantwortlich, wer diese Installation betreibt. Für die Angaben, die ein Dienst
          erhält, ist danach der Dienst verantwortlich.
        </p>
      ),
    },
    stored: {
      title: 'Was wir speichern',
      body: () => (
        <ul>
          <li>Angaben, die Sie selbst machen oder aus Ihrem Ausweis freigeben, verschlüsselt und nur für Ihr Konto.</li>
          <li>Wann und auf welchem Weg Sie sich angemeldet haben.</li>
          <li>Welchem Dienst Sie welche Angaben freigegeben haben und welcher Dienst welche erhalten hat.</li>
        </ul>
      ),
    },
    periods: {
      title: 'Wie lange wir es speichern',
      body: () => (
        <ul>
          <li>Ihr Konto und Ihre Freigaben: bis das Konto gelöscht wird.</li>
          <li>Eine Anmeldung: höchstens 12 Stunden, und nur eine Stunde, wenn Sie nichts tun.</li>
          <li>
            Was aus einem Ausweis gelesen wurde und noch zu keinem Konto gehört: höchstens 10 Minuten. Danach liegt es
            nur vor, wenn Sie den Ausweis zu einem Konto hinzugefügt haben.
          </li>
          <li>Zugriffe, die ein Dienst auch ohne Ihre Anmeldung haben darf: 14 Tage.</li>
          <li>
            Das Protokoll der Anmeldungen und Freigaben: ohne Frist. Es nennt weder Namen noch Anschrift, nur eine
            Kennung des Kontos.
          </li>
        </ul>
      ),
    },
    shared: {
      title: 'Was Dienste erfahren',
      body: () => (
        <>
          <p>
            Ein Dienst erhält nur Angaben, die für ihn vorgesehen sind. Meist fragen wir Sie vorher, und Sie geben sie
            frei. Manche Dienste erhalten sie ohne Frage, weil ein Gesetz es erlaubt: Das Bayern-Portal zum Beispiel
            erfährt so Ihren Namen.
          </p>
          <p>
            Jeder Dienst kennt Sie unter einem eigenen Kennzeichen. Zwei Behörden können daran nicht erkennen, dass es
            um dieselbe Person geht.
          </p>
        </>
      ),
    },
    cookies: {
      title: 'Cookies',
      body: () => (
        <>
          <p>Wir setzen nur diese Cookies:</p>
          <ul>
            <li>Cookies des An- und Abmeldens: höchstens 12 Stunden, oder bis Sie den Browser schließen.</li>
            <li>
              Ein Cookie, an dem wir Ihr Gerät wiedererkennen, 180 Tage lang. So kann niemand von anderswo Ihre
              Anmeldung sperren, und der Weg, den Sie zuletzt benutzt haben, steht zuerst da.
            </li>
            <li>Ihre Wahl von Sprache und Darstellung, ein Jahr lang.</li>
          </ul>
          <p>Es gibt keine Werbung, keine Auswertung Ihres Verhaltens und keine Inhalte fremder Seiten.</p>
        </>
      ),
    },
    rights: {
      title: 'Ihre Rechte',
      body: () => (
        <p>
          Sie können Auskunft, Berichtigung und Löschung Ihrer Daten verlangen (Art. 15 bis 17
          Datenschutz-Grundverordnung). In dieser Testumgebung sind nur erfundene Personen vorgesehen. Geben Sie keine
          echten Daten ein.
        </p>
      ),
    },
  },
  accessibility: {
    title: 'Erklärung zur Barrierefreiheit',
    scope: {
      title: 'Wofür diese Erklärung gilt',
      body: () => (
        <p>
          Sie gilt für die Seiten unter dieser Adresse. Maßstab sind die Web Content Accessibility Guidelines (WCAG)
          2.2, Stufe AA, und die europäische Norm EN 301 549.
        </p>
      ),
    },
    state: {
      title: 'Wie barrierefrei die Seiten sind',
      body: () => (
        <>
          <p>
            Jede Seite wird bei jeder Änderung automatisch mit axe und html-validate geprüft: auf Deutsch und Englisch,
            hell und dunkel, auf großem und kleinem Bildschirm. Alle Seiten lassen sich mit der Tastatur und ohne
            Skripte bedienen.
          </p>
          <p>
            Eine Prüfung durch Menschen mit Behinderungen und mit Vorleseprogrammen steht noch aus. Deshalb nennen wir
            die Seiten nicht „vollständig barrierefrei“. Stand: November 2026, Selbstbewertung.
          </p>
        </>
      ),
    },
    gaps: {
      title: 'Was noch fehlt',
      body: () => (
        <ul>
          <li>Texte in geprüfter Leichter Sprache</li>
          <li>Videos in Deutscher Gebärdensprache</li>
        </ul>
      ),
    },
    contact: {
      title: 'Barriere melden und Durchsetzung',
      body: (p: { report: string }) => (
        <p>
          Sie sind auf ein Hindernis gestoßen? <a href={p.report}>Melden Sie es uns</a>. Für öffentliche Stellen in
          Bayern ist die Durchsetzungs- und Überwachungsstelle für barrierefreie Informationstechnik zuständig. Dieses
          Demonstrationsprojekt ist keine öffentliche Stelle.
        </p>
      ),
    },
  },
  report: {
    title: 'Barriere melden',
    body: () => (
      <>
        <p>Bitte teilen Sie uns mit:</p>
        <ul>
          <li>auf welcher Seite Sie nicht weiterkommen (die Adresse oder die Überschrift),</li>
          <li>was Sie tun wollten und was stattdessen geschah,</li>
          <li>womit Sie arbeiten, zum Beispiel Browser, Vorleseprogramm, Vergrößerung.</li>
        </ul>
      </>
    ),
    mail: 'Schreiben Sie an:',
    noContact: 'Wer diese Installation betreibt, hat hier noch keine Adresse hinterlegt.',
  },
  easyLanguage: {
    title: 'Leichte Sprache',
    placeholder: 'Der Text in Leichter Sprache folgt.',
    body: () => (
      <p>
        Texte in Leichter Sprache müssen von Menschen mit Lernschwierigkeiten geprüft werden. Das ist hier noch nicht
        geschehen. Wir zeigen deshalb keinen Text, der nur so aussieht.
      </p>
    ),
  },
  signLanguage: {
    title: 'Gebärdensprache',
    placeholder: 'Das Video folgt.',
    body: () => (
      <p>Hier wird ein Video in Deutscher Gebärdensprache erklären, was diese Seiten tun und wie Sie sich anmelden.</p>
    ),
  },
  licences: {
    title: 'Lizenzen',
    intro: 'Diese Seiten benutzen freie Werke anderer. Danke dafür.',
    kern: {
      title: 'KERN Design-System',
      body: (p: { version: string }) => (
        <p>
          Das Aussehen beruht auf <strong>@kern-ux/native {p.version}</strong>, lizenziert unter der EUPL, Version 1.2.
          Wir liefern die Datei unverändert aus. Den Quelltext gibt es auf{' '}
          <a href="https://gitlab.opencode.de/kern-ux/kern-ux-plain">gitlab.opencode.de/kern-ux/kern-ux-plain</a>.
        </p>
      ),
    },
    fira: { title: 'Schrift Fira Sans', body: () => <p>Lizenziert unter der SIL Open Font License, Version 1.1.</p> },
    dejavu: {
      title: 'Schrift DejaVu Sans',
      body: () => <p>Für seltene Buchstaben in PDF-Dateien. Lizenziert unter der Bitstream-Vera-Lizenz.</p>,
    },
    preact: { title: 'Preact', body: () => <p>Lizenziert unter der MIT-Lizenz.</p> },
    passwords: {
      title: 'Liste häufiger Passwörter',
      body: (p: { version: string }) => (
        <p>
          Neue Passwörter vergleichen wir mit den rund 49.000 häufigsten aus bekannten Datendiebstählen. Die Liste kommt
          aus <strong>@zxcvbn-ts/language-common {p.version}</strong>, lizenziert unter der MIT-Lizenz. Verglichen wird
          auf unserem Server; kein Passwort wird dafür irgendwohin geschickt.
        </p>
      ),
    },
    text: (p: { name: string }) => `Lizenztext: ${p.name}`,
  },
  stories: {
    title: 'Bausteine',
    intro: 'Jeder Baustein und jeder Zustand einer Seite, jeweils unter eigener Adresse.',
  },
};
