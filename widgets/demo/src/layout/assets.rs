//! Style sheet, script and pictures, compiled in.

/// A file under `/assets/`.
pub struct Asset {
    /// Path below `/assets/`.
    pub path: &'static str,
    /// Content.
    pub text: &'static str,
}

impl Asset {
    /// Media type by the file's ending.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        match self.path.rsplit('.').next() {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        }
    }
}

macro_rules! assets {
    ($($path:literal),* $(,)?) => {
        &[$(Asset { path: $path, text: include_str!(concat!("../../assets/", $path)) }),*]
    };
}

const ASSETS: &[Asset] = assets![
    "site.css",
    "site.js",
    "mark.svg",
    "heroes/home.svg",
    "heroes/canteen.svg",
    "heroes/news/halo.svg",
    "heroes/news/lab.svg",
    "heroes/news/year.svg",
    "heroes/rules/travel.svg",
    "heroes/rules/remote.svg",
    "heroes/rules/shield.svg",
    "heroes/guides/vpn.svg",
    "heroes/guides/printer.svg",
    "heroes/guides/rooms.svg",
    "heroes/guides/week.svg",
];

/// The file at this path below `/assets/`.
#[must_use]
pub fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}

/// Address of a file, with its content's hash, so that it can be kept for ever.
pub(super) fn address(path: &str) -> String {
    let text = find(path).map_or("", |asset| asset.text);
    let hash =
        text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("/assets/{path}?v={hash:08x}")
}
