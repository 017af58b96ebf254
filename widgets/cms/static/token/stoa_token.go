// GET /stoa/token for pages behind a proxy that signs people in. Go 1.19 and its standard library:
// `go build stoa_token.go` makes one program without dependencies, which answers on 127.0.0.1.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strings"
	"time"
)

var part = base64.RawURLEncoding.EncodeToString

func sign(claims map[string]any, secret []byte) string {
	body, _ := json.Marshal(claims) // texts, numbers and lists always can be
	head := part([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + part(body)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(head))
	return head + "." + part(mac.Sum(nil))
}

func token(user, name string, groups []string, secret []byte) string {
	id, roles, now := make([]byte, 16), []string{}, time.Now().Unix()
	if _, err := rand.Read(id); err != nil {
		log.Fatal(err)
	}
	if moderators := os.Getenv("STOA_MODERATORS"); moderators != "" && strings.Contains(","+strings.Join(groups, ",")+",", ","+moderators+",") {
		roles = []string{"moderator"}
	}
	if name == "" {
		name = user
	}
	return sign(map[string]any{
		"iss": os.Getenv("STOA_ISSUER"), "aud": os.Getenv("STOA_SITE"), "sub": user, "iat": now, "exp": now + 120,
		"jti": hex.EncodeToString(id), "name": name, "roles": roles, "groups": groups,
	}, secret)
}

func main() {
	secret, err := os.ReadFile(os.Getenv("STOA_SECRET_FILE"))
	if err != nil {
		log.Fatal(err)
	}
	secret = bytes.TrimRight(secret, " \t\r\n\f")
	port := os.Getenv("PORT")
	if port == "" {
		port = "4180"
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		from := r.Header.Get("Sec-Fetch-Site")
		user := strings.TrimSpace(r.Header.Get("X-Remote-User"))
		made := map[string]any{"token": nil}
		if r.Method != "GET" || (from != "" && from != "none" && from != "same-origin") {
			w.WriteHeader(http.StatusForbidden)
		} else if user != "" {
			groups := []string{}
			for _, group := range strings.Split(r.Header.Get("X-Remote-Groups"), ",") {
				if group = strings.TrimSpace(group); group != "" {
					groups = append(groups, group)
				}
			}
			made["token"] = token(user, strings.TrimSpace(r.Header.Get("X-Remote-Name")), groups, secret)
		}
		_ = json.NewEncoder(w).Encode(made) // whoever has gone away needs no answer
	})))
}
