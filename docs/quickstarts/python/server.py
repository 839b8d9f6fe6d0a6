# A service that logs people in with Bayern-ID. It needs Python 3.11, Authlib and requests:
# `apt install python3-authlib python3-requests`, or `pip install authlib requests`.
import html
import os
import secrets
import sys
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.oidc.core import CodeIDToken

ISSUER = os.environ.get("ISSUER", "http://localhost:3000")
CLIENT_ID = os.environ.get("CLIENT_ID", "mein-dienst")
CLIENT_SECRET = os.environ["CLIENT_SECRET"]
PORT = int(os.environ.get("PORT", "8080"))
HIGH = "http://eidas.europa.eu/LoA/high"


def fetch(address):
    answer = requests.get(address, timeout=10)
    answer.raise_for_status()
    return answer.json()


# Discovery tells addresses and keys; the document must be about the issuer that was asked.
provider = fetch(ISSUER + "/.well-known/openid-configuration")
if provider["issuer"] != ISSUER:
    sys.exit("the document is about another issuer")

# By the value of the cookie: first the login that is under way, then the person. A real service uses a database.
sessions = {}


def client():
    return OAuth2Session(
        CLIENT_ID,
        CLIENT_SECRET,
        scope="openid profile",
        redirect_uri=f"http://localhost:{PORT}/callback",
        code_challenge_method="S256",
    )


def verified(id_token, nonce, access_token):
    # Only the algorithm that we expect: the token itself must not choose it.
    claims = JsonWebToken(["ES256"]).decode(
        id_token,
        # Read anew for each login, so that a change of keys is noticed; a busy service keeps them some minutes.
        JsonWebKey.import_key_set(fetch(provider["jwks_uri"])),
        claims_cls=CodeIDToken,
        claims_options={
            "iss": {"essential": True, "value": ISSUER},
            "aud": {"essential": True, "value": CLIENT_ID},
        },
        claims_params={"nonce": nonce, "client_id": CLIENT_ID, "access_token": access_token},
    )
    claims.validate(leeway=5)
    return claims


class Service(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get("mein-dienst")
        self.session_id = cookie.value if cookie else ""
        pages = {
            "/": self.show_start,
            "/login": lambda: self.start_login(None),
            "/ausweis": lambda: self.start_login(HIGH),
            "/callback": lambda: self.finish_login(url.query),
        }
        try:
            pages.get(url.path, lambda: self.send_error(404))()
        except Exception as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            self.answer(400, "text/plain", "Die Anmeldung hat nicht geklappt.")

    def show_start(self):
        person = sessions.get(self.session_id, {}).get("person")
        who = f"Angemeldet: {person['name']}. Niveau: {person['acr']}" if person else "Niemand ist angemeldet."
        page = f"""<!doctype html><html lang="de"><title>Mein Dienst</title><p>{html.escape(who)}</p>
        <p><a href="/login">Anmelden</a> <a href="/ausweis">Mit dem Online-Ausweis ausweisen</a></p></html>"""
        self.answer(200, "text/html", page)

    def start_login(self, level):
        pending = {"nonce": secrets.token_urlsafe(32), "verifier": secrets.token_urlsafe(48), "level": level}
        wanted = {"acr_values": level} if level else {}
        address, pending["state"] = client().create_authorization_url(
            provider["authorization_endpoint"],
            state=secrets.token_urlsafe(32),
            nonce=pending["nonce"],
            code_verifier=pending["verifier"],
            **wanted,
        )
        self.redirect(address, {"pending": pending})

    def finish_login(self, query):
        pending = sessions.pop(self.session_id, {}).get("pending")  # each answer counts once
        answer = {name: values[0] for name, values in parse_qs(query).items()}
        if not pending or not secrets.compare_digest(answer.get("state", ""), pending["state"]):
            raise ValueError("no login is under way in this browser")
        if answer.get("iss") != ISSUER:
            raise ValueError("the answer is another provider's")
        if "code" not in answer:
            raise ValueError(answer.get("error", "no code"))
        session = client()
        tokens = session.fetch_token(
            provider["token_endpoint"], code=answer["code"], code_verifier=pending["verifier"], timeout=10
        )
        claims = verified(tokens["id_token"], pending["nonce"], tokens["access_token"])
        if pending["level"] and claims["acr"] != pending["level"]:
            raise ValueError("the level was not reached")
        userinfo = session.get(provider["userinfo_endpoint"], timeout=10).json()
        if userinfo["sub"] != claims["sub"]:
            raise ValueError("userinfo is about somebody else")
        person = {"sub": claims["sub"], "name": userinfo.get("name", "ohne Namen"), "acr": claims["acr"]}
        self.redirect("/", {"person": person})

    def redirect(self, address, session):
        session_id = secrets.token_urlsafe(32)
        sessions[session_id] = session
        self.send_response(303)
        self.send_header("Location", address)
        self.send_header("Set-Cookie", f"mein-dienst={session_id}; Path=/; HttpOnly; SameSite=Lax")
        self.end_headers()

    def answer(self, status, kind, text):
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_request(self, *_):
        pass  # the address of the callback carries the code


server = ThreadingHTTPServer(("localhost", PORT), Service)
print(f"Mein Dienst: http://localhost:{PORT}/", flush=True)
server.serve_forever()
