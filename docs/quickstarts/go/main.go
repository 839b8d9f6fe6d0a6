// A service that logs people in with Bayern-ID. It needs Go 1.19 and two libraries:
// `apt install golang golang-github-coreos-go-oidc-dev golang-golang-x-oauth2-dev`.
package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"log"
	"net"
	"net/http"
	"os"
	"sync"

	"github.com/coreos/go-oidc"
	"golang.org/x/oauth2"
)

const high = "http://eidas.europa.eu/LoA/high"

type person struct{ sub, name, acr string }

type pending struct{ state, nonce, verifier, level string }

// What a browser's cookie stands for: first the login that is under way, then the person.
type session struct {
	pending *pending
	person  *person
}

type service struct {
	issuer   string
	provider *oidc.Provider
	verifier *oidc.IDTokenVerifier
	config   oauth2.Config
	// A real service uses a database.
	lock     sync.Mutex
	sessions map[string]session
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func random() string {
	bytes := make([]byte, 32)
	if _, err := rand.Read(bytes); err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(bytes)
}

func (s *service) redirect(w http.ResponseWriter, r *http.Request, address string, content session) {
	id := random()
	s.lock.Lock()
	s.sessions[id] = content
	s.lock.Unlock()
	http.SetCookie(w, &http.Cookie{Name: "mein-dienst", Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, address, http.StatusSeeOther)
}

func (s *service) session(r *http.Request, remove bool) session {
	cookie, err := r.Cookie("mein-dienst")
	if err != nil {
		return session{}
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	found := s.sessions[cookie.Value]
	if remove {
		delete(s.sessions, cookie.Value)
	}
	return found
}

func (s *service) startLogin(level string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p := pending{state: random(), nonce: random(), verifier: random(), level: level}
		challenge := sha256.Sum256([]byte(p.verifier))
		options := []oauth2.AuthCodeOption{
			oidc.Nonce(p.nonce),
			oauth2.SetAuthURLParam("code_challenge", base64.RawURLEncoding.EncodeToString(challenge[:])),
			oauth2.SetAuthURLParam("code_challenge_method", "S256"),
		}
		if level != "" {
			options = append(options, oauth2.SetAuthURLParam("acr_values", level))
		}
		s.redirect(w, r, s.config.AuthCodeURL(p.state, options...), session{pending: &p})
	}
}

func (s *service) login(ctx context.Context, r *http.Request) (*person, error) {
	p := s.session(r, true).pending // each answer counts once
	query := r.URL.Query()
	if p == nil || query.Get("state") != p.state {
		return nil, errors.New("no login is under way in this browser")
	}
	if query.Get("iss") != s.issuer {
		return nil, errors.New("the answer is another provider's")
	}
	if problem := query.Get("error"); problem != "" {
		return nil, errors.New(problem)
	}
	tokens, err := s.config.Exchange(ctx, query.Get("code"), oauth2.SetAuthURLParam("code_verifier", p.verifier))
	if err != nil {
		return nil, err
	}
	raw, _ := tokens.Extra("id_token").(string)
	// Checks signature, issuer, audience and times; nonce and at_hash are left to us.
	idToken, err := s.verifier.Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	if idToken.Nonce != p.nonce {
		return nil, errors.New("the ID token belongs to another login")
	}
	if idToken.AccessTokenHash != "" {
		if err := idToken.VerifyAccessToken(tokens.AccessToken); err != nil {
			return nil, err
		}
	}
	var claims struct{ Acr string }
	if err := idToken.Claims(&claims); err != nil {
		return nil, err
	}
	if p.level != "" && claims.Acr != p.level {
		return nil, errors.New("the level was not reached")
	}
	userinfo, err := s.provider.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return nil, err
	}
	if userinfo.Subject != idToken.Subject {
		return nil, errors.New("userinfo is about somebody else")
	}
	profile := struct{ Name string }{Name: "ohne Namen"}
	if err := userinfo.Claims(&profile); err != nil {
		return nil, err
	}
	return &person{sub: idToken.Subject, name: profile.Name, acr: claims.Acr}, nil
}

func (s *service) finishLogin(w http.ResponseWriter, r *http.Request) {
	somebody, err := s.login(r.Context(), r)
	if err != nil {
		log.Print(err)
		http.Error(w, "Die Anmeldung hat nicht geklappt.", http.StatusBadRequest)
		return
	}
	s.redirect(w, r, "/", session{person: somebody})
}

func (s *service) showStart(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	who := "Niemand ist angemeldet."
	if p := s.session(r, false).person; p != nil {
		who = fmt.Sprintf("Angemeldet: %s. Niveau: %s", p.name, p.acr)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprintf(w, `<!doctype html><html lang="de"><title>Mein Dienst</title><p>%s</p>
<p><a href="/login">Anmelden</a> <a href="/ausweis">Mit dem Online-Ausweis ausweisen</a></p></html>`, html.EscapeString(who))
}

func main() {
	issuer := setting("ISSUER", "http://localhost:3000")
	clientID := setting("CLIENT_ID", "mein-dienst")
	port := setting("PORT", "8080")

	// Discovery tells addresses and keys.
	provider, err := oidc.NewProvider(context.Background(), issuer)
	if err != nil {
		log.Fatal(err)
	}
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	s := &service{
		issuer:   issuer,
		provider: provider,
		// Only the algorithm that we expect: the token itself must not choose it.
		verifier: provider.Verifier(&oidc.Config{ClientID: clientID, SupportedSigningAlgs: []string{oidc.ES256}}),
		config: oauth2.Config{
			ClientID:     clientID,
			ClientSecret: os.Getenv("CLIENT_SECRET"),
			Endpoint:     endpoint,
			RedirectURL:  "http://localhost:" + port + "/callback",
			Scopes:       []string{oidc.ScopeOpenID, "profile"},
		},
		sessions: map[string]session{},
	}
	http.HandleFunc("/", s.showStart)
	http.HandleFunc("/login", s.startLogin(""))
	http.HandleFunc("/ausweis", s.startLogin(high))
	http.HandleFunc("/callback", s.finishLogin)
	listener, err := net.Listen("tcp", "localhost:"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("Mein Dienst: http://localhost:%s/\n", port)
	log.Fatal(http.Serve(listener, nil))
}
