//! The tokens of `vectors.json`, which programs in any language can hold their own against.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::EncodingKey;
use serde_json::{Value, json};
use stoa_tests::TestApp;

use super::session::exchange;

pub(super) fn vectors() -> Value {
    serde_json::from_str(include_str!("vectors.json")).unwrap()
}

/// The key of the vectors that signs with `algorithm`.
pub(super) fn private_key(vectors: &Value, algorithm: &str) -> EncodingKey {
    let key = &vectors["keys"][algorithm];
    let pem = key["private_pem"].as_str().unwrap_or_default().as_bytes();
    match algorithm {
        "HS256" => EncodingKey::from_secret(key["secret"].as_str().unwrap().as_bytes()),
        "RS256" => EncodingKey::from_rsa_pem(pem).unwrap(),
        "ES256" => EncodingKey::from_ec_pem(pem).unwrap(),
        _ => EncodingKey::from_ed_pem(pem).unwrap(),
    }
}

/// Sign as the vectors are signed.
pub(super) fn sign(header: &Value, claims: &Value, key: &EncodingKey) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let algorithm = serde_json::from_value(header["alg"].clone()).unwrap();
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, algorithm).unwrap();
    format!("{message}.{signature}")
}

#[tokio::test]
async fn tokens_made_in_another_language_are_taken_and_refused_as_the_vectors_say() {
    let vectors = vectors();
    let folder = tempfile::tempdir().unwrap();
    let mut issuers = String::new();
    for (algorithm, key) in vectors["keys"].as_object().unwrap() {
        let (name, text) = match algorithm.as_str() {
            // Files that are edited end with a line end; that of the vectors is none of the secret.
            "HS256" => ("secret_file", format!("{}\n", key["secret"].as_str().unwrap())),
            _ => ("key_file", key["public_pem"].as_str().unwrap().to_owned()),
        };
        let path = folder.path().join(algorithm);
        std::fs::write(&path, text).unwrap();
        issuers += &format!(
            "[[sites.issuers]]\nissuer = \"https://vectors.example/{algorithm}\"\nalgorithm = \"{algorithm}\"\n{name} = \"{}\"\n",
            path.display()
        );
    }
    let app = TestApp::start_with(&issuers, "").await;
    assert_eq!(app.clock.now(), vectors["now"].as_i64().unwrap() * 1_000_000, "the clock of tests");
    for vector in vectors["tokens"].as_array().unwrap() {
        let (status, answer) = exchange(&app, "demo", &json!({"token": vector["token"]})).await;
        assert_eq!((status, &answer["person"]["name"]), (200, &json!("Änna Bergmann")), "{answer}");
    }
    for vector in vectors["refused"].as_array().unwrap() {
        let (status, problem) = exchange(&app, "demo", &json!({"token": vector["token"]})).await;
        assert_eq!((status, &problem["code"]), (401, &vector["code"]), "{}: {problem}", vector["why"]);
    }
}

#[test]
fn the_vectors_are_what_signing_their_headers_and_claims_gives() {
    let text = include_str!("vectors.json");
    let vectors = vectors();
    for vector in vectors["tokens"].as_array().unwrap() {
        let algorithm = vector["algorithm"].as_str().unwrap();
        let token = vector["token"].as_str().unwrap();
        for (part, name) in token.split('.').zip(["header", "claims"]) {
            let decoded: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
            assert_eq!(decoded, vector[name], "{algorithm}");
        }
        let (message, signature) = token.rsplit_once('.').unwrap();
        let again = jsonwebtoken::crypto::sign(
            message.as_bytes(),
            &private_key(&vectors, algorithm),
            serde_json::from_value(json!(algorithm)).unwrap(),
        );
        // ECDSA signs with a random number.
        assert_eq!(again.unwrap() == signature, algorithm != "ES256", "{algorithm}");
    }
    assert!(text.contains("use them nowhere"));
}
