/** German is the shape; en.tsx must fit it. Names of the protocol stay as they are. */
export const de = {
  title: 'Für Entwicklerinnen und Entwickler',
  lead: 'So binden Sie einen Dienst an die Bayern-ID an: mit einer YAML-Datei und einer beliebigen Bibliothek für OpenID Connect. Alles Weitere steht im Discovery-Dokument.',
  toOverview: 'Zur Übersicht für Entwicklerinnen und Entwickler',
  address: {
    title: 'Die eine Adresse',
    body: () => (
      <p class="kern-body">
        Ihr Dienst braucht nur den Issuer. Er steht in jedem Token und wird Zeichen für Zeichen verglichen, also ohne
        Schrägstrich am Ende.
      </p>
    ),
    issuer: 'Issuer',
    document: 'Discovery-Dokument',
    readable: 'Das Discovery-Dokument, Angabe für Angabe erklärt',
  },
  start: {
    title: 'In zehn Minuten zur ersten Anmeldung',
    check: 'Starten Sie Bayern-ID auf Ihrem Rechner. Sie brauchen Linux, Node ab Version 20 und npm.',
    secret: 'Erzeugen Sie in einem zweiten Fenster, im selben Ordner, das Geheimnis Ihres Dienstes.',
    client: 'Legen Sie die Datei Ihres Dienstes in config/clients. Sie gilt sofort, ohne Neustart.',
    program: 'Starten Sie eines der drei Programme.',
    open: () => (
      <>
        Öffnen Sie <code class="bid-code">http://localhost:8080</code> und melden Sie sich als eine der Testpersonen an.
      </>
    ),
    command: (p: { step: number }) => `Befehl zu Schritt ${p.step}`,
    commandOf: (p: { name: string }) => `Befehl für ${p.name}`,
    here: 'Diese Installation ist keine Testumgebung: Die Datei Ihres Dienstes legt an, wer sie betreibt. Zum Ausprobieren starten Sie Bayern-ID auf Ihrem Rechner.',
    programs: 'Die Programme zum Lesen:',
    programLink: (p: { name: string }) => `Schnellstart für ${p.name}`,
  },
  program: {
    title: (p: { name: string }) => `Schnellstart für ${p.name}`,
    lead: 'Ein ganzer Dienst in einer Datei: anmelden, das ID-Token prüfen, Namen und Vertrauensniveau zeigen, ein höheres Niveau verlangen.',
    tested:
      'Das Programm läuft in unseren Tests gegen diese Version von Bayern-ID. Dort muss es auch gefälschte Token, fremde Antworten und falsche Aussteller abweisen.',
    run: 'Starten',
    file: 'Das Programm',
    fileLabel: (p: { file: string }) => `Datei ${p.file}`,
    commandLabel: 'Befehl zum Starten',
    others: 'Dasselbe in einer anderen Sprache',
  },
  client: {
    title: 'Einen Dienst anlegen',
    body: () => (
      <>
        <p class="kern-body">
          Jeder Dienst ist eine Datei in <code class="bid-code">config/clients</code>;{' '}
          <code class="bid-code">npm run -s bayern-id -- client new</code> fragt das Nötige und schreibt sie. Sie gilt,
          sobald sie gespeichert ist. Mit einer fehlerhaften Datei bleibt alles, wie es war; Datei, Zeile und Grund
          stehen im Protokoll und in der Ausgabe von <code class="bid-code">npm run -s bayern-id -- check</code>.
        </p>
        <p class="kern-body">
          Namen und Bedeutungen sind die von OAuth. PKCE ist Pflicht, Token sind mit ES256 signiert, und jeder Dienst
          sieht für dieselbe Person ein anderes <code class="bid-code">sub</code>. Statt eines Geheimnisses können Sie
          Schlüssel verwenden (<code class="bid-code">private_key_jwt</code>) oder ein Zertifikat. Alle Angaben mit
          ihren Vorgaben stehen in <code class="bid-code">config/schema/client.json</code>.
        </p>
      </>
    ),
    label: 'Datei eines Dienstes',
  },
  levels: {
    title: 'Vertrauensniveaus',
    body: () => (
      <p class="kern-body">
        Ein Dienst verlangt ein Niveau als Minimum. Reicht die Anmeldung nicht, fragt Bayern-ID nach; reicht sie, kommt
        die Antwort ohne Rückfrage. Das Niveau sinkt mit der Zeit, die seit der Anmeldung vergeht.
      </p>
    ),
    caption: 'Die Niveaus, ihre Werte in acr und das, womit man sie hier erreicht',
    name: 'Niveau',
    acr: 'acr',
    means: 'So erreicht man es hier',
    mean: { password: 'Benutzername und Passwort', eid: 'Online-Ausweis' },
    basicByPassword: 'Benutzername und Passwort, solange kein Ausweis zum Konto gehört',
    nobody: 'in dieser Installation mit keinem Anmeldemittel',
    other: 'Ebenso verstanden werden die Namen von STORK und die kurzen Namen, zum Beispiel:',
    how: 'So verlangen Sie ein Niveau',
    ways: [
      'In der Anfrage mit acr_values. Das gilt als Minimum für diese eine Anmeldung.',
      'In der Anfrage mit dem Parameter claims und einem acr, das essential ist, wie im Beispiel unten.',
      'In der Datei des Dienstes mit minimum_level. Darunter kommt keine Anmeldung zustande, was die Anfrage auch sagt.',
    ],
    check: () => (
      <p class="kern-body">
        Prüfen Sie <code class="bid-code">acr</code> im ID-Token immer selbst. Wird das Niveau nicht erreicht, kommt ein
        Fehler zurück: <code class="bid-code">unmet_authentication_requirements</code>, oder{' '}
        <code class="bid-code">access_denied</code>, wenn die Person abbricht.
      </p>
    ),
    label: 'Anfrage mit acr_values',
  },
  verified: {
    title: 'Geprüfte Angaben aus dem Ausweis',
    body: () => (
      <p class="kern-body">
        Was aus dem Ausweis gelesen wurde, kommt als <code class="bid-code">verified_claims</code> (OpenID Identity
        Assurance 1.0): Angaben, ihr Niveau und die Zeit der Prüfung. Selbst gemachte Angaben stehen dort nie. Der
        Dienst zählt in seiner Datei auf, wonach er fragen darf:
      </p>
    ),
    line: 'Zeile in der Datei des Dienstes',
    request: 'Der Parameter claims der Anfrage',
    answer: 'Die Antwort von userinfo',
  },
  persons: {
    title: 'Testpersonen',
    body: 'Alle sind erfunden. Auf der Anmeldeseite eines Dienstes stehen sie mit einem Knopf, der sie mit einem Klick anmeldet.',
    accounts: 'Konten',
    accountsCaption: 'Konten mit Benutzername und Passwort',
    login: 'Benutzername',
    password: 'Passwort',
    person: 'Person',
    levels: 'Mit dem Passwort sind Konten auf der Basisregistrierung, bis ein Ausweis hinzugefügt ist.',
    cards: 'Ausweise im eID-Simulator, PIN 123456',
    cardsCaption: 'Ausweise des eID-Simulators',
    card: 'Ausweis',
    purpose: 'Wozu',
  },
  tools: {
    title: 'Zum Ausprobieren',
    post: 'Post: die E-Mails, die hier verschickt worden wären',
    playground: 'Spielwiese: Anfragen zusammenstellen, jede Nachricht ansehen, Fehler einschalten',
    stories: 'Bausteine: alle Zustände der Seiten',
  },
  errors: {
    title: 'Wenn eine Anmeldung nicht zustande kommt',
    body: () => (
      <>
        <p class="kern-body">
          Stimmt die <code class="bid-code">redirect_uri</code> nicht, zeigt die Testumgebung, welche gesendet wurde,
          welche eingetragen sind und wo sie sich zuerst unterscheiden. Außerhalb der Testumgebung steht das nur im
          Protokoll, unter der Fehlernummer der Seite.
        </p>
        <p class="kern-body">
          Alle anderen Fehler kommen an Ihre <code class="bid-code">redirect_uri</code> zurück, mit{' '}
          <code class="bid-code">error</code>, <code class="bid-code">state</code> und <code class="bid-code">iss</code>
          .
        </p>
      </>
    ),
  },
  status: {
    title: 'Stand',
    there: 'Das gibt es',
    thereItems: [
      'Anmeldung mit Benutzername und Passwort, Passkey, Code aus einer App und mit dem Online-Ausweis; Anheben des Niveaus, Freigabe von Daten.',
      'Registrierung, auch mit prompt=create; Mein Konto; Anmeldung ohne Konto, wo die Datei des Dienstes sie erlaubt.',
      'Code-Flow mit PKCE, PAR, JAR, JARM, form_post, private_key_jwt, mTLS, DPoP, FAPI 2.0, Back-Channel Logout.',
      'Verschlüsselte Token, Introspection, Zugriff auf Schnittstellen mit resource.',
    ],
    missing: 'Grenzen',
    missingItems: [
      'Der Online-Ausweis wird hier nur mit Testkarten gelesen: im Simulator oder mit der AusweisApp und ihrer simulierten Karte (npm run start:ausweisapp).',
    ],
    changes: 'Änderungen',
    changesItems: ['Neu sind Mein Postfach, das Bezahlsystem, das Führungszeugnis und die Seiten der Registerbehörde.'],
  },
  discovery: {
    title: 'Das Discovery-Dokument erklärt',
    lead: 'Die Werte sind die des Dokuments, das dieser Server ausgibt.',
    raw: 'Das Dokument selbst',
    yes: 'ja',
    no: 'nein',
    unknown: 'Weitere Angaben',
    unknownText: 'Diese Angabe ist hier nicht erklärt.',
    groups: {
      addresses: {
        title: 'Adressen',
        members: {
          issuer: 'Name und Adresse von Bayern-ID; steht als iss in jedem Token und in jeder Antwort.',
          authorization_endpoint: 'Hierhin schickt der Dienst den Browser, damit sich die Person anmeldet.',
          token_endpoint: 'Hier tauscht der Dienst den Code gegen Token.',
          userinfo_endpoint: 'Hier holt der Dienst mit dem Access-Token die freigegebenen Daten.',
          jwks_uri: 'Die öffentlichen Schlüssel, mit denen der Dienst Signaturen prüft.',
          pushed_authorization_request_endpoint:
            'Hier hinterlegt der Dienst eine Anfrage (PAR), bevor er den Browser schickt.',
          introspection_endpoint: 'Hier fragt eine Schnittstelle, ob ein Access-Token gilt und wofür.',
          revocation_endpoint: 'Hier gibt ein Dienst ein Token zurück, das er nicht mehr braucht.',
          end_session_endpoint: 'Hierhin schickt der Dienst den Browser, wenn sich die Person abmeldet.',
          mtls_endpoint_aliases: 'Dieselben Adressen für Dienste, die sich mit einem Zertifikat ausweisen.',
          service_documentation: 'Die Seiten, auf denen Sie gerade sind.',
        },
      },
      requests: {
        title: 'Anfragen und Antworten',
        members: {
          response_types_supported: 'Es gibt nur den Code-Flow.',
          response_modes_supported:
            'Wie die Antwort reist; alles außer query muss in der Datei des Dienstes stehen, jwt heißt signiert (JARM).',
          grant_types_supported: 'Was am Token-Endpunkt eingelöst werden kann.',
          code_challenge_methods_supported: 'Verfahren für PKCE; PKCE ist Pflicht, wenn die Datei nichts anderes sagt.',
          prompt_values_supported: 'Ob gefragt werden darf oder muss: none fragt nie, login immer.',
          claims_parameter_supported: 'Ob sich einzelne Angaben mit dem Parameter claims verlangen lassen.',
          request_parameter_supported: 'Ob eine signierte Anfrage als JWT mitkommen darf (JAR).',
          request_uri_parameter_supported:
            'Ob eine Anfrage von einer Adresse des Dienstes geholt wird; das geschieht nie, nur Adressen aus PAR gelten.',
          request_object_signing_alg_values_supported: 'Womit der Dienst eine solche Anfrage signieren darf.',
          authorization_response_iss_parameter_supported:
            'Jede Antwort nennt ihren Aussteller in iss; vergleichen Sie ihn (RFC 9207).',
          authorization_signing_alg_values_supported: 'Womit Antworten bei JARM signiert werden.',
          authorization_encryption_alg_values_supported: 'Wie bei JARM der Schlüssel verpackt wird.',
          authorization_encryption_enc_values_supported: 'Wie bei JARM der Inhalt verschlüsselt wird.',
          ui_locales_supported: 'Sprachen der Seiten; mit ui_locales wünscht der Dienst eine davon.',
        },
      },
      clients: {
        title: 'Wie sich der Dienst ausweist',
        members: {
          token_endpoint_auth_methods_supported: 'Womit sich Dienste ausweisen; am besten mit private_key_jwt.',
          token_endpoint_auth_signing_alg_values_supported: 'Womit sie dabei signieren.',
          tls_client_certificate_bound_access_tokens: 'Ob Token an das Zertifikat des Dienstes gebunden werden können.',
          dpop_signing_alg_values_supported:
            'Womit DPoP-Nachweise signiert werden, die ein Token an einen Schlüssel binden.',
        },
      },
      data: {
        title: 'Personen, Niveaus und Daten',
        members: {
          subject_types_supported: 'pairwise heißt: Jeder Dienst kennt dieselbe Person unter einem anderen sub.',
          scopes_supported: 'Pakete von Angaben, die der Dienst verlangen kann, wenn seine Datei sie nennt.',
          claims_supported: 'Alle Angaben, die es gibt.',
          claim_types_supported: 'Angaben stehen im Token oder in userinfo selbst.',
          acr_values_supported: 'Die Niveaus in jeder Schreibweise, die in einer Anfrage verstanden wird.',
          verified_claims_supported: 'Ob es geprüfte Angaben gibt (OpenID Identity Assurance).',
          trust_frameworks_supported: 'Nach welchem Regelwerk sie geprüft sind.',
          claims_in_verified_claims_supported: 'Welche Angaben es geprüft gibt.',
          evidence_supported: 'Woran sie geprüft werden.',
          documents_supported:
            'Welche Ausweise das sind: Personalausweis, Aufenthaltstitel, eID-Karte für Unionsbürger.',
          documents_check_methods_supported: 'Wie geprüft wird: der Chip beweist kryptografisch, dass er echt ist.',
        },
      },
      tokens: {
        title: 'Signieren und Verschlüsseln',
        members: {
          id_token_signing_alg_values_supported:
            'Womit ID-Token signiert werden; die Datei des Dienstes wählt, sonst ES256.',
          id_token_encryption_alg_values_supported: 'Wie bei verschlüsselten ID-Token der Schlüssel verpackt wird.',
          id_token_encryption_enc_values_supported: 'Wie ihr Inhalt verschlüsselt wird.',
          userinfo_signing_alg_values_supported: 'Womit userinfo als JWT signiert wird.',
          userinfo_encryption_alg_values_supported: 'Wie bei verschlüsseltem userinfo der Schlüssel verpackt wird.',
          userinfo_encryption_enc_values_supported: 'Wie der Inhalt verschlüsselt wird.',
          introspection_signing_alg_values_supported: 'Womit Antworten der Introspection signiert werden.',
          introspection_encryption_alg_values_supported: 'Wie dort der Schlüssel verpackt wird.',
          introspection_encryption_enc_values_supported: 'Wie dort der Inhalt verschlüsselt wird.',
        },
      },
      logout: {
        title: 'Abmelden',
        members: {
          backchannel_logout_supported: 'Ob Dienste von Server zu Server erfahren, dass eine Sitzung endet.',
          backchannel_logout_session_supported: 'Ob diese Nachricht die Sitzung mit sid nennt.',
        },
      },
    },
  },
};
