//! The executable as an admin uses it: what it prints, where, and with which exit code.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder with a configuration that is right, until a test changes it.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder for the test"));
        folder.write("site.secret", "a secret of the test, of at least 32 bytes");
        // Where cargo runs the tests, not where they were compiled: a checkout may be moved with its `target`.
        let here = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the tests");
        let built = PathBuf::from(here).join("../target/stoa");
        let built =
            built.canonicalize().expect("cargo xtask wasm and cargo xtask widgets have made target/stoa");
        let config = include_str!("stoa.toml").replace("BUILT", &built.display().to_string());
        folder.write("stoa.toml", &config);
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("the folder can be written");
    }

    fn change(&self, from: &str, to: &str) {
        let config = std::fs::read_to_string(self.path("stoa.toml")).expect("it was written before");
        assert!(config.contains(from), "{from}");
        self.write("stoa.toml", &config.replace(from, to));
    }

    fn stoa(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
        if !arguments.contains(&"--log") {
            command.args(["--log", "error"]);
        }
        command.args(arguments).arg("--config").arg(self.path("stoa.toml"));
        command.output().expect("the executable runs")
    }
}

impl Folder {
    /// `stoa token inspect -` with this token on stdin.
    fn inspect(&self, token: &str, more: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
        command
            .args(["token", "inspect", "-", "--site", "demo", "--config"])
            .arg(self.path("stoa.toml"))
            .args(more);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the executable runs");
        let mut stdin = child.stdin.take().expect("it was asked for");
        stdin.write_all(token.as_bytes()).expect("it reads");
        drop(stdin);
        child.wait_with_output().expect("it ends")
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// An error with what to do about it on stderr, and nothing on stdout.
fn assert_refused(output: &Output, expected: &str) {
    let (told, complaint) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    assert_eq!(told, "");
    assert!(complaint.starts_with("error: "), "{complaint}");
    assert_eq!(complaint.matches("hint: ").count(), 1, "{complaint}");
    assert!(!complaint.contains("`stoa check`"), "it was just run: {complaint}");
    assert!(complaint.contains(expected), "{expected} is not in: {complaint}");
}

fn assert_told(output: &Output, expected: &str) {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout).trim_end(), expected);
}

#[test]
fn a_configuration_that_is_right_is_told_site_by_site() {
    let folder = Folder::new();
    let words = "site demo: 1 plugin(s), all well\ndatabase: none yet, `stoa serve` makes it";
    assert_told(&folder.stoa(&["check"]), words);
    let json = r#"{"database":{"missing_steps":0,"state":"absent"},"grants":[],"keys":[],"sites":[{"id":"demo","plugins":1}],"unused_broken_plugins":[]}"#;
    assert_told(&folder.stoa(&["check", "--json"]), json);
    assert!(!folder.path("stoa.db").exists(), "a look makes nothing");
}

#[test]
fn the_database_is_looked_at_and_not_brought_up_to_date() {
    let folder = Folder::new();
    folder.write("stoa.db", "");
    let here = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the tests");
    let steps = std::fs::read_dir(PathBuf::from(here).join("migrations/sqlite")).expect("the steps").count();
    let words = format!(
        "site demo: 1 plugin(s), all well\ndatabase: {steps} step(s) behind, `stoa serve` brings it up to date"
    );
    assert_told(&folder.stoa(&["check"]), &words);
    assert_told(&folder.stoa(&["check"]), &words);
    std::fs::remove_file(folder.path("stoa.db")).expect("it is there");
    folder.write("seed.json", include_str!("seed.json"));
    let import = folder.stoa(&["import", &folder.path("seed.json").display().to_string()]);
    assert_eq!(import.status.code(), Some(0), "{}", text(&import.stderr));
    assert_told(&folder.stoa(&["check"]), "site demo: 1 plugin(s), all well\ndatabase: all well");
    // Texts of the seed in the file: with other bytes in their rows' place, a page of the file is damaged.
    let mut file = std::fs::read(folder.path("stoa.db")).expect("it is there");
    let page = 4_096 * (file.windows(8).position(|bytes| bytes == b"Workshop").expect("a title") / 4_096);
    file[page..page + 64].fill(0xff);
    std::fs::write(folder.path("stoa.db"), file).expect("the folder can be written");
    let damaged = folder.stoa(&["check"]);
    assert_eq!(damaged.status.code(), Some(1));
    assert!(text(&damaged.stderr).contains("database"), "{}", text(&damaged.stderr));
}

#[test]
fn a_broken_file_of_a_plugin_is_named_and_stops_only_sites_that_enable_it() {
    let folder = Folder::new();
    let plugins = folder.path("plugins");
    std::fs::create_dir(&plugins).expect("the folder can be written");
    let built = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the tests");
    let built = PathBuf::from(built).join("../target/stoa/plugins/comments.wasm");
    std::fs::copy(&built, plugins.join("comments.wasm")).expect("cargo xtask wasm has made it");
    let config = std::fs::read_to_string(folder.path("stoa.toml")).expect("it was written before");
    let line = config.lines().find(|line| line.starts_with("plugins_dir")).expect("a key");
    folder.change(line, "plugins_dir = \"plugins\"");
    folder.write("plugins/polls.wasm", "not wasm");
    let unused = folder.stoa(&["check"]);
    let words = "site demo: 1 plugin(s), all well\ndatabase: none yet, `stoa serve` makes it";
    assert_told(&unused, words);
    let warning = text(&unused.stderr);
    assert!(warning.starts_with("warning: ") && warning.contains("hint: "), "{warning}");
    assert_eq!(warning.matches("polls.wasm").count(), 1, "{warning}");
    std::fs::copy(&built, plugins.join("comments-old.wasm")).expect("the folder can be written");
    let twice = folder.stoa(&["check"]);
    assert_eq!(twice.status.code(), Some(1), "{}", text(&twice.stderr));
    for named in ["comments-old.wasm", "comments.wasm are plugins `comments`", "hint: keep one of them"] {
        assert!(text(&twice.stderr).contains(named), "{named}: {}", text(&twice.stderr));
    }
    std::fs::remove_file(plugins.join("comments-old.wasm")).expect("it is there");
    folder.write("plugins/comments.wasm", "not wasm either");
    let used = folder.stoa(&["check"]);
    assert_eq!(used.status.code(), Some(1), "{}", text(&used.stderr));
    let complaint = text(&used.stderr).split_once("error: ").expect("an error").1;
    for named in ["sites.demo.plugins.comments", "plugins/comments.wasm", "hint: "] {
        assert!(complaint.contains(named), "{named}: {complaint}");
    }
}

#[test]
fn grants_that_are_missing_or_idle_are_named_with_site_and_plugin_and_stop_nothing() {
    let folder = Folder::new();
    folder.change("\"entries\", \"entries-write\", ", "\"kv\", ");
    let output = folder.stoa(&["check"]);
    assert_eq!(output.status.code(), Some(0));
    let warnings: Vec<_> = text(&output.stderr).split("warning: ").skip(1).collect();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    for named in [
        "sites.demo.plugins.comments: not granted is `entries` (",
        "hint: add \"entries\", \"entries-write\"",
    ] {
        assert!(warnings[0].contains(named), "{named}: {}", warnings[0]);
    }
    assert!(warnings[1].contains("does not ask for `kv`"), "{}", warnings[1]);
    folder.change("\"marks\"", "\"markers\"");
    let unknown = folder.stoa(&["check"]);
    assert_refused(&unknown, "sites.demo.plugins.comments: there is no capability \"markers\"");
    assert_eq!(text(&unknown.stderr).matches("there is no capability").count(), 1);
}

#[test]
fn a_log_that_is_no_terminal_has_no_colours() {
    let folder = Folder::new();
    folder.write("seed.json", include_str!("seed.json"));
    let seed = folder.path("seed.json").display().to_string();
    let told = folder.stoa(&["--log", "debug", "import", &seed]);
    let log = text(&told.stderr);
    assert!(log.contains("the store is open") && !log.contains('\u{1b}'), "{log}");
}

#[test]
fn what_keeps_the_server_from_starting_is_named_with_what_to_do() {
    for (from, to, expected) in [
        ("public_url", "public_ulr", "public_ulr"),
        ("\"http://intranet.localhost:4100\"]", "\"http://intranet.localhost:4100/start\"]", "/start"),
        ("\"HS256\"", "\"none\"", "none"),
        ("secret_file = \"site.secret\"", "secret_file = \"other.secret\"", "other.secret"),
        ("\"entries\", ", "\"entry\", ", "there is no capability \"entry\""),
        ("[sites.plugins.comments]", "[sites.plugins.coments]", "coments"),
        ("roots_per_page = 25", "roots_per_page = \"many\"", "roots_per_page"),
        ("roots_per_page", "roots_per_side", "roots_per_side"),
        ("/assets\"", "/nowhere\"", "nowhere"),
    ] {
        let folder = Folder::new();
        folder.change(from, to);
        assert_refused(&folder.stoa(&["check"]), expected);
    }
    let folder = Folder::new();
    std::fs::remove_file(folder.path("stoa.toml")).expect("it is there");
    assert_refused(&folder.stoa(&["check"]), "stoa.toml");
}

#[test]
fn a_secret_that_can_be_guessed_is_refused() {
    let folder = Folder::new();
    folder.write("site.secret", "short");
    assert_refused(&folder.stoa(&["check"]), "32");
}

#[test]
fn a_file_is_brought_in_once_however_often_it_is_named() {
    let folder = Folder::new();
    folder.write("seed.json", include_str!("seed.json"));
    let seed = folder.path("seed.json");
    let import = |file: &Path| folder.stoa(&["import", &file.display().to_string(), "--json"]);
    let first = import(&seed);
    let told: serde_json::Value = serde_json::from_slice(&first.stdout).expect("JSON on stdout");
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    assert_eq!(
        (&told["people"], &told["pages"], &told["entries"]),
        (&2.into(), &1.into(), &2.into()),
        "{told}"
    );
    let again: serde_json::Value = serde_json::from_slice(&import(&seed).stdout).expect("JSON on stdout");
    assert_eq!(again["entries"], 0, "{again}");
    folder.write("broken.json", "{\"site\": \"demo\", ");
    assert_refused(&import(&folder.path("broken.json")), "broken.json");
    assert_refused(&import(&folder.path("absent.json")), "absent.json");
}

const SECRET: &str = "a secret of the test, of at least 32 bytes";

/// A token by this secret, whose claims are those of a good one apart from the changes.
fn signed(folder: &Folder, secret: &str, changes: &[(&str, serde_json::Value)]) -> String {
    let made = folder.stoa(&["token", "make", "--site", "demo", "--sub", "anna", "--json"]);
    let made: serde_json::Value = serde_json::from_str(text(&made.stdout)).expect("JSON");
    let mut claims = made["claims"].clone();
    for (name, value) in changes {
        claims[*name] = value.clone();
    }
    let key = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).expect("JSON can be signed")
}

#[test]
fn a_token_that_is_made_here_signs_in_and_says_how() {
    let folder = Folder::new();
    let make =
        ["token", "make", "--site", "demo", "--sub", "anna", "--name", "Anna Bergmann", "--role", "leader"];
    let made = folder.stoa(&make);
    let token = text(&made.stdout).trim_end();
    assert_eq!(token.split('.').count(), 3, "{}", text(&made.stderr));
    let inspected = folder.inspect(token, &[]);
    let told = text(&inspected.stdout);
    assert_eq!(inspected.status.code(), Some(0), "{told}");
    for line in [
        "claim      name = \"Anna Bergmann\"",
        "signed by  HS256 from ",
        "s ago by this machine's clock",
        "verdict    signs in anna (Anna Bergmann) with leader",
    ] {
        assert!(told.contains(line), "{line} is not in: {told}");
    }
    let json: serde_json::Value =
        serde_json::from_slice(&folder.inspect(token, &["--json"]).stdout).expect("JSON");
    assert_eq!(
        (json["signs_in"].as_bool(), json["claims"]["roles"][0].as_str()),
        (Some(true), Some("leader"))
    );
    assert!(!told.contains(SECRET) && !json.to_string().contains(SECRET));
    assert!(!told.contains(token.rsplit('.').next().expect("a signature")), "no part of a token is repeated");
}

/// A token that is refused with this code and this advice.
fn check_inspected(folder: &Folder, token: &str, code: &str, hint: &str) {
    let output = folder.inspect(token, &[]);
    let (told, complaint) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.ends_with(&format!("verdict    refused: {code}\n")), "{told}");
    assert!(complaint.contains(&format!("hint: {hint}")), "{hint} is not in: {complaint}");
    assert!(!complaint.contains(SECRET) && !told.contains(SECRET), "the secret stays where it is");
}

#[test]
fn what_is_wrong_with_a_token_is_told_with_the_line_to_change() {
    let folder = Folder::new();
    let check = |token: &str, code: &str, hint: &str| check_inspected(&folder, token, code, hint);
    check(
        &signed(&folder, SECRET, &[("aud", "other".into())]),
        "token_audience",
        "in the token's claims: \"aud\": \"demo\"",
    );
    check(
        &signed(&folder, SECRET, &[("iss", "elsewhere".into())]),
        "token_issuer",
        "in sites.demo.issuers: issuer = \"elsewhere\"",
    );
    check(&signed(&folder, SECRET, &[("jti", "".into())]), "token_claim", "in the token's claims: \"jti\": ");
    check(
        &signed(&folder, SECRET, &[("sub", serde_json::Value::Null)]),
        "token_claim_missing",
        "in the token's claims, add \"sub\"",
    );
    check(&signed(&folder, SECRET, &[("exp", 1_000_000.into())]), "token_expired", "it expired ");
    check(
        &signed(&folder, SECRET, &[("iat", 99_999_999_999_i64.into()), ("exp", 99_999_999_999_i64.into())]),
        "token_not_yet",
        "`iat` is ",
    );
    check(
        &signed(&folder, SECRET, &[("exp", 99_999_999_999_i64.into())]),
        "token_too_lived",
        "in the token's claims: \"exp\": ",
    );
    check(
        &signed(&folder, SECRET, &[("origin", "https://evil.example".into())]),
        "token_origin",
        "in sites.demo: origins = [",
    );
}

#[test]
fn a_wrong_signature_and_what_is_no_token_are_told_by_the_usual_mistakes() {
    let folder = Folder::new();
    let good = signed(&folder, SECRET, &[]);
    let check = |token: &str, code: &str, hint: &str| check_inspected(&folder, token, code, hint);
    let other = "another secret of the test, of at least 32 bytes";
    check(
        &signed(&folder, other, &[]),
        "token_signature",
        "both sides need the same key; this host has: HS256 from ",
    );
    let line_end = format!("{SECRET}\n");
    check(
        &signed(&folder, &line_end, &[]),
        "token_signature",
        "in the program that signs: it takes the line end of the file",
    );
    check("", "token_malformed", "there is 1 part between dots, not 3");
    check(&format!("Bearer {good}"), "token_malformed", "the header is not base64url");
    let hexadecimal = "30313233343536373839616263646566";
    folder.write("site.secret", hexadecimal);
    check(
        &signed(&folder, "0123456789abcdef", &[]),
        "token_signature",
        "in the program that signs: it decodes the secret from hex",
    );
}

#[test]
fn a_token_is_made_for_a_site_and_by_a_key_that_are_there() {
    let folder = Folder::new();
    let refused = |arguments: &[&str], expected: &str| {
        assert_refused(&folder.stoa(&[&["token", "make"], arguments].concat()), expected);
    };
    refused(&["--site", "none", "--sub", "anna"], "hint: the configuration has demo");
    refused(&["--site", "demo", "--sub", "anna", "--issuer", "x"], "hint: it has ");
    refused(&["--site", "demo", "--sub", " anna"], "this token would be refused");
    refused(&["--site", "demo", "--sub", "anna", "--origin", "https://evil.example"], "origins = [");
    let secret = folder.path("site.secret").display().to_string();
    refused(&["--site", "demo", "--sub", "anna", "--key", &secret], "this is no private key");
}

#[test]
fn a_configuration_is_made_from_answers_and_never_over_another() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let made = folder.path().join("made");
    let init = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
        command.args(["--log", "error", "init", "--no-start", "--dir"]).arg(&made).args(arguments);
        command.stdin(std::process::Stdio::null()).output().expect("the executable runs")
    };
    assert_refused(&init(&[]), "--intranet is missing");
    assert_refused(&init(&["--intranet", "https://intranet.example/a"]), "is no origin");
    assert!(!made.exists(), "what is refused leaves nothing behind");
    let arguments = ["--intranet", "https://intranet.example", "--name", "The \"Hub\"", "--language", "de"];
    let words = "site intranet: 3 plugin(s), all well\ndatabase: none yet, `stoa serve` makes it";
    let output = init(&arguments);
    assert_told(&output, words);
    for line in ["stoa token make --config", "<stoa-page page=\"KEY\"", "stoa doctor PAGE-URL"] {
        assert!(text(&output.stderr).contains(line), "{line}: {}", text(&output.stderr));
    }
    let read = |name: &str| std::fs::read_to_string(made.join(name)).expect("it was written");
    let (config, secret) = (read("stoa.toml"), read("intranet.secret"));
    assert_eq!(secret.len(), 64);
    assert!(
        !config.contains(&secret) && !text(&output.stderr).contains(&secret),
        "the secret is in its file alone"
    );
    // A token of its own signs somebody in.
    let config_path = made.join("stoa.toml").display().to_string();
    let token = Command::new(env!("CARGO_BIN_EXE_stoa"))
        .args(["token", "make", "--config", &config_path, "--site", "intranet", "--sub", "anna"])
        .output()
        .expect("the executable runs");
    assert!(token.status.success(), "{}", text(&token.stderr));
    assert_refused(&init(&arguments), "nothing was changed");
    assert_eq!((read("stoa.toml"), read("intranet.secret")), (config, secret));
}

#[test]
fn people_are_listed_kept_out_and_linked() {
    let folder = Folder::new();
    folder.write("seed.json", include_str!("seed.json"));
    let import = folder.stoa(&["import", &folder.path("seed.json").display().to_string()]);
    assert_eq!(import.status.code(), Some(0), "{}", text(&import.stderr));
    let people = |find: &str| {
        let told = folder.stoa(&["people", "list", "--site", "demo", "--find", find, "--json"]);
        assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
        let read = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("each line is JSON");
        text(&told.stdout).lines().map(read).collect::<Vec<_>>()
    };
    let all = people("");
    let (first, second) = (&all[0], &all[1]);
    let id = first["id"].as_str().expect("an id");
    assert_eq!(first["state"], "active");
    let change = |verb: &str, more: &[&str]| {
        folder.stoa(&[&["people", verb, "--site", "demo", "--person", id], more].concat())
    };
    assert_told(&change("deactivate", &[]), "");
    let subject = first["subject"].as_str().expect("a subject");
    assert_eq!(people(subject)[0]["state"], "kept-out");
    assert_told(&change("activate", &[]), "");
    let name = |known: &serde_json::Value, part: &str| known[part].as_str().expect("a text").to_owned();
    let (issuer, other) = (name(second, "issuer"), name(second, "subject"));
    assert_told(&change("link", &["--issuer", &issuer, "--subject", &other]), "");
    let linked = people("").into_iter().find(|known| known["id"] == id).expect("still there");
    assert_eq!(linked["linked"], serde_json::json!([{"issuer": issuer, "subject": other}]));
    assert_eq!(people("").into_iter().filter(|known| known["state"] == "kept-out").count(), 1);
    let lines = folder.stoa(&["people", "list", "--site", "demo"]);
    assert!(text(&lines.stdout).lines().all(|line| line.split('\t').count() >= 6), "{}", text(&lines.stdout));
    let nobody = folder.stoa(&["people", "activate", "--site", "demo", "--person", "nobody"]);
    assert_refused(&nobody, "there is no person `nobody`");
    assert_refused(&folder.stoa(&["people", "list", "--site", "nowhere"]), "there is no site `nowhere`");
}

#[test]
fn a_check_writes_nothing() {
    let folder = Folder::new();
    let names = || {
        let mut names: Vec<_> = std::fs::read_dir(folder.0.path())
            .expect("the folder can be read")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        names.sort();
        names
    };
    let before = names();
    let output = folder.stoa(&["check"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(names(), before);
}
