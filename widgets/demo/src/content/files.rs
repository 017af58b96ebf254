//! The files, compiled in, so that the program runs from any folder.

/// The staff directory.
pub(super) const PEOPLE: &str = include_str!("../../content/people.toml");

/// Who thanks whom.
pub(super) const KUDOS: &str = include_str!("../../content/kudos.txt");

/// Key and source of a page or of its comments.
type File = (&'static str, &'static str);

macro_rules! files {
    ($folder:literal, $ending:literal, [$($key:literal),* $(,)?]) => {
        &[$(($key, include_str!(concat!("../../content/", $folder, "/", $key, $ending)))),*]
    };
}

/// Pages; within a section in their order of display.
pub(super) const PAGES: &[File] = files!(
    "pages",
    ".md",
    [
        "home",
        "news/halo-launch",
        "news/year-ahead",
        "news/malmo-lab",
        "policies/travel",
        "policies/remote-work",
        "policies/information-security",
        "policies/reisekosten",
        "howto/vpn",
        "howto/printer",
        "howto/meeting-room",
        "onboarding/first-week",
        "products/halo",
        "canteen/menu",
        "questions",
    ]
);

/// Questions with their answers; each names its page.
pub(super) const QUESTIONS: &[File] =
    files!("questions", ".toml", ["policies", "howto", "others", "everyday"]);

/// Comments; a page without a file has none.
pub(super) const COMMENTS: &[File] = files!(
    "comments",
    ".txt",
    [
        "news/halo-launch",
        "news/year-ahead",
        "news/malmo-lab",
        "policies/travel",
        "policies/remote-work",
        "policies/information-security",
        "policies/reisekosten",
        "howto/vpn",
        "howto/printer",
        "onboarding/first-week",
        "products/halo",
        "canteen/menu",
    ]
);
