//! What browsers load: read once, named by content, compressed once, kept for a year.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::extract::{self, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::Host;
use super::admin::{SCRIPT, SCRIPT_NAME, STYLES, STYLES_NAME};
use super::problem::Problem;

/// A name with a hash never means anything else.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// The loader's name is pasted into pages: a new one is everywhere within five minutes.
const SHORT: &str = "public, max-age=300";
/// Bytes of one file; anything larger is in the wrong folder.
const FILE_BYTES_MAX: u64 = 4 << 20;
/// The loader, and what it loads when it is needed: the files with fixed names.
pub(crate) const LOADER: &str = "embed.js";
const PARTS: &str = "parts.js";

/// What the name of a compressed form ends in.
const COMPRESSED: &str = ".br";

/// The styles of plain pages: those of widgets, and what stands around a view.
pub(crate) const PAGE_STYLES: &str = "plain.css";
/// What stands around a view on a plain page; a file of the widgets' styles, so that both look alike.
const PAGE_CHROME: &str = include_str!("../../../widgets/styles/plain.css");

/// What cannot be done without, and why.
const NEEDED: [&str; 4] = [LOADER, PARTS, "runtime.js", "styles.css"];

/// Why the assets cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// The folder or a file cannot be read.
    #[error(
        "cannot read {path}: {source}\nhint: `cargo xtask widgets` builds them; `assets_dir` names the folder"
    )]
    Read {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A file that is needed is not there.
    #[error("{path} is not there\nhint: `cargo xtask widgets` builds it; `assets_dir` names the folder")]
    Missing {
        /// Which.
        path: PathBuf,
    },
    /// A file is too large to be an asset.
    #[error("{path} is larger than 4 MiB\nhint: `assets_dir` is for built widgets alone")]
    Large {
        /// Which.
        path: PathBuf,
    },
}

/// One file in its three forms.
#[derive(Debug)]
struct Asset {
    url: String,
    etag: HeaderValue,
    kind: HeaderValue,
    plain: Bytes,
    gzip: Bytes,
    brotli: Bytes,
}

/// All files, by name.
#[derive(Debug, Default)]
pub struct Assets {
    by_name: HashMap<String, Asset>,
    /// From the name with the hash to the plain one.
    by_hashed: HashMap<String, String>,
}

impl Assets {
    /// Read every file of a folder and compress it as small as it gets; one that has its compressed form beside it, as
    /// `NAME.br`, keeps that one.
    ///
    /// # Errors
    /// [`AssetError`] says what is missing and what to do.
    pub fn load(folder: &Path) -> Result<Self, AssetError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| AssetError::Read { path, source }
        };
        let mut assets = Self::default();
        for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
            let path = entry.map_err(failed(folder))?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            let length = path.metadata().map_err(failed(&path))?;
            if !length.is_file() || name.starts_with('.') || name.ends_with(COMPRESSED) {
                continue;
            }
            if length.len() > FILE_BYTES_MAX {
                return Err(AssetError::Large { path });
            }
            let bytes = std::fs::read(&path).map_err(failed(&path))?;
            // One of another build is left alone.
            let compressed = std::fs::read(folder.join(format!("{name}{COMPRESSED}"))).ok();
            let compressed = compressed.filter(|compressed| is_brotli_of(compressed, &bytes));
            assets.add(name, bytes, compressed.map(Bytes::from));
        }
        if let Some(name) = NEEDED.iter().find(|name| !assets.by_name.contains_key(**name)) {
            return Err(AssetError::Missing { path: folder.join(name) });
        }
        assets.put_page_styles();
        assets.put(STYLES_NAME, STYLES.as_bytes().to_vec());
        assets.put(SCRIPT_NAME, SCRIPT.as_bytes().to_vec());
        Ok(assets)
    }

    /// A plain page has no shadow root: its body stands in for the element around a view.
    fn put_page_styles(&mut self) {
        let Some((_, styles)) = self.styles() else { return };
        let page = format!("{}\n{PAGE_CHROME}", styles.replace(":host", "body"));
        self.put(PAGE_STYLES, page.into_bytes());
    }

    /// Add one file.
    pub fn put(&mut self, name: &str, bytes: Vec<u8>) {
        self.add(name, bytes, None);
    }

    fn add(&mut self, name: &str, bytes: Vec<u8>, compressed: Option<Bytes>) {
        let hash = hex::encode(&Sha256::digest(&bytes)[..8]);
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let hashed = format!("{stem}-{hash}.{ending}");
        let kind = match ending {
            // RFC 9239 section 6: the one name of JavaScript.
            "js" | "mjs" => "text/javascript; charset=utf-8".to_owned(),
            "css" => "text/css; charset=utf-8".to_owned(),
            _ => mime_guess::from_path(name).first_or_octet_stream().to_string(),
        };
        let asset = Asset {
            url: format!("/assets/{hashed}"),
            etag: header_value(&format!("\"{hash}\"")),
            kind: header_value(&kind),
            gzip: gzip(&bytes),
            brotli: compressed.unwrap_or_else(|| brotli(&bytes)),
            plain: bytes.into(),
        };
        self.by_hashed.insert(hashed, name.to_owned());
        self.by_name.insert(name.to_owned(), asset);
    }

    /// The address of a file, with its hash; none where there is no such file.
    #[must_use]
    pub fn url(&self, name: &str) -> Option<&str> {
        self.by_name.get(name).map(|asset| asset.url.as_str())
    }

    /// The hash and the text of the styles.
    #[must_use]
    pub fn styles(&self) -> Option<(&str, &str)> {
        let asset = self.by_name.get("styles.css")?;
        let hash = asset.etag.to_str().ok()?.trim_matches('"');
        Some((hash, std::str::from_utf8(&asset.plain).ok()?))
    }
}

fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    // Writing to memory does not fail; an empty form is never chosen.
    encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default().into()
}

/// Whether a compressed form is that of these bytes.
fn is_brotli_of(compressed: &[u8], bytes: &[u8]) -> bool {
    let mut plain = Vec::with_capacity(bytes.len());
    brotli::BrotliDecompress(&mut &*compressed, &mut plain).is_ok() && plain == bytes
}

fn brotli(bytes: &[u8]) -> Bytes {
    // A window that the file fits into (RFC 7932 has 10 to 24): the encoder's memory grows with it, not with the file.
    let lgwin = i32::try_from((bytes.len() + 16).ilog2() + 1).unwrap_or(22).clamp(10, 22);
    let params =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin, size_hint: bytes.len(), ..Default::default() };
    let mut out = Vec::new();
    match brotli::BrotliCompress(&mut &*bytes, &mut out, &params) {
        Ok(_) => out.into(),
        Err(_) => Bytes::new(),
    }
}

/// `GET /assets/{name}`
pub(crate) async fn get(
    State(host): State<Host>,
    extract::Path(name): extract::Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let assets = &host.assets;
    let asset = assets.by_hashed.get(&name).and_then(|name| assets.by_name.get(name));
    Ok(answer(asset.ok_or_else(Problem::no_route)?, FOREVER, &headers))
}

/// `GET /embed.js`
pub(crate) async fn loader(State(host): State<Host>, headers: HeaderMap) -> Result<Response, Problem> {
    fixed(&host, LOADER, &headers)
}

/// `GET /parts.js`
pub(crate) async fn parts(State(host): State<Host>, headers: HeaderMap) -> Result<Response, Problem> {
    fixed(&host, PARTS, &headers)
}

/// A file that is asked for by its plain name.
fn fixed(host: &Host, name: &str, headers: &HeaderMap) -> Result<Response, Problem> {
    let asset = host.assets.by_name.get(name).ok_or_else(Problem::no_route)?;
    Ok(answer(asset, SHORT, headers))
}

fn answer(asset: &Asset, caching: &'static str, asked: &HeaderMap) -> Response {
    let mut response = if is_known(asked, &asset.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (coding, body) = match coding(asked) {
            Some("br") if !asset.brotli.is_empty() => (Some("br"), &asset.brotli),
            Some("gzip") if !asset.gzip.is_empty() => (Some("gzip"), &asset.gzip),
            _ => (None, &asset.plain),
        };
        let mut response = Response::new(Body::from(body.clone()));
        response.headers_mut().insert(header::CONTENT_TYPE, asset.kind.clone());
        if let Some(coding) = coding {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, asset.etag.clone());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    // Module scripts are fetched with CORS, and pages under COEP ask for the other one.
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    response
}

/// Whether the browser has this very form already (RFC 9110 section 13.1.2, weak comparison).
pub(crate) fn is_known(asked: &HeaderMap, etag: &HeaderValue) -> bool {
    let strip = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let etag = strip(etag.to_str().unwrap_or_default());
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim() == "*" || strip(tag) == etag)
}

/// The smallest coding that the browser takes (RFC 9110 section 12.5.3).
fn coding(asked: &HeaderMap) -> Option<&'static str> {
    let values = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let accepted: Vec<&str> = values
        .flat_map(|value| value.split(','))
        .filter(|item| {
            let weight = item.split(';').nth(1).and_then(|weight| weight.trim().strip_prefix("q="));
            weight.and_then(|weight| weight.parse::<f32>().ok()).is_none_or(|weight| weight > 0.0)
        })
        .filter_map(|item| item.split(';').next().map(str::trim))
        .collect();
    ["br", "gzip"].into_iter().find(|coding| accepted.iter().any(|name| name.eq_ignore_ascii_case(coding)))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{Assets, NEEDED, SHORT, answer, coding};

    fn asked(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn the_smallest_form_that_a_browser_takes_is_chosen() {
        let check =
            |value, expected| assert_eq!(coding(&asked(header::ACCEPT_ENCODING, value)), expected, "{value}");
        check("gzip, deflate, br, zstd", Some("br"));
        check("gzip, deflate", Some("gzip"));
        check("br;q=0, gzip;q=0.5", Some("gzip"));
        check("BR", Some("br"));
        check("identity", None);
        check("brotli, xgzip", None);
        assert_eq!(coding(&HeaderMap::new()), None);
    }

    #[test]
    fn a_compressed_form_counts_only_where_it_is_that_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
        let text = include_bytes!("assets.rs");
        for name in NEEDED {
            write(name, text);
        }
        // Not as small as it gets, so that it can be told from the host's own.
        let mut larger = Vec::new();
        let params = brotli::enc::BrotliEncoderParams { quality: 0, ..Default::default() };
        brotli::BrotliCompress(&mut &text[..], &mut larger, &params).unwrap();
        write("embed.js.br", &larger);
        write("runtime.js.br", &super::brotli(b"the text of yesterday"));
        write("styles.css.br", b"nothing");
        let assets = Assets::load(folder.path()).unwrap();
        let form = |name: &str| assets.by_name[name].brotli.to_vec();
        assert_eq!(form("embed.js"), larger);
        let own = super::brotli(text).to_vec();
        assert_ne!(own, larger);
        assert_eq!((form("runtime.js"), form("styles.css")), (own.clone(), own));
        assert!(assets.url("embed.js.br").is_none(), "it is no file of its own");
    }

    #[test]
    fn a_file_is_named_by_its_content_and_told_to_stay() {
        let mut assets = Assets::default();
        assets.put("styles.css", b":host{}".to_vec());
        let url = assets.url("styles.css").unwrap().to_owned();
        let (hash, text) = assets.styles().unwrap();
        assert_eq!((url, text), (format!("/assets/styles-{hash}.css"), ":host{}"));
        let asset = &assets.by_name["styles.css"];
        let fresh = answer(asset, SHORT, &asked(header::ACCEPT_ENCODING, "br"));
        assert_eq!(fresh.headers()["content-encoding"], "br");
        assert_eq!(fresh.headers()["access-control-allow-origin"], "*");
        let etag = format!("W/\"{hash}\"");
        let mut known = HeaderMap::new();
        known.insert(header::IF_NONE_MATCH, HeaderValue::from_str(&etag).unwrap());
        assert_eq!(answer(asset, SHORT, &known).status(), 304);
        known.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"other\""));
        assert_eq!(answer(asset, SHORT, &known).status(), 200);
    }

    #[test]
    fn a_folder_without_the_widgets_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let error = Assets::load(folder.path()).unwrap_err().to_string();
        assert!(error.contains("embed.js") && error.contains("cargo xtask widgets"), "{error}");
        for name in super::NEEDED {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        assert!(Assets::load(folder.path()).unwrap().url("runtime.js").is_some());
    }
}
