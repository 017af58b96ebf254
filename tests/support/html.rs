//! Reads the HTML of views as a person without script would use it.

/// The value of `name="…"` in the first tag that contains `near`.
#[must_use]
pub fn attribute(html: &str, near: &str, name: &str) -> Option<String> {
    let at = html.find(near)?;
    let start = html[..at].rfind('<')?;
    let end = start + html[start..].find('>')?;
    let tag = &html[start..end];
    let wanted = format!(" {name}=\"");
    let from = tag.find(&wanted)? + wanted.len();
    let value = &tag[from..from + tag[from..].find('"')?];
    Some(value.replace("&amp;", "&").replace("&quot;", "\"").replace("&lt;", "<").replace("&#39;", "'"))
}

/// The token with which `verb` can be done to `subject`: from the form whose hidden field names the verb, or from the
/// button that does it.
#[must_use]
pub fn token_for(html: &str, verb: &str, subject: Option<&str>) -> Option<String> {
    let forms = html.split("<form").skip(1).map(|form| form.split("</form>").next().unwrap_or_default());
    let hidden = |form: &str, name: &str| attribute(form, &format!(" name=\"{name}\""), "value");
    let wanted = subject.unwrap_or_default();
    let own = forms.into_iter().find(|form| {
        hidden(form, "do").as_deref() == Some(verb) && hidden(form, "s").unwrap_or_default() == wanted
    });
    if let Some(form) = own {
        return hidden(form, "t");
    }
    let start = format!(" form=\"act\" name=\"do\" value=\"{verb} ");
    let buttons = html.split(&start).skip(1).filter_map(|rest| rest.split('"').next()?.split_once(' '));
    let of = |subject: &str| subject.split(' ').next() == Some(wanted);
    buttons.filter(|(_, subject)| of(subject)).map(|(token, _)| token.to_owned()).next()
}

/// The id of the entry whose post contains these words.
#[must_use]
pub fn post_id(html: &str, words: &str) -> Option<String> {
    let at = html.find(words)?;
    let start = html[..at].rfind("id=\"e-")? + "id=\"e-".len();
    Some(html[start..].split('"').next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{attribute, post_id, token_for};

    const HTML: &str = concat!(
        r#"<form class="form" method="post"><input type="hidden" name="t" value="T1"><input type="hidden" name="s" value="">"#,
        r#"<input type="hidden" name="do" value="create"></form><article class="post" id="e-42">Hello &amp; welcome"#,
        r#"<button form="act" name="do" value="vote T2 42 up"></button></article><form class="act" id="act"></form>"#
    );

    #[test]
    fn forms_and_posts_are_found() {
        assert_eq!(token_for(HTML, "create", None).as_deref(), Some("T1"));
        assert_eq!(token_for(HTML, "vote", Some("42")).as_deref(), Some("T2"));
        assert_eq!(token_for(HTML, "vote", Some("43")), None);
        assert_eq!(post_id(HTML, "welcome").as_deref(), Some("42"));
        assert_eq!(attribute(HTML, "id=\"act\"", "class").as_deref(), Some("act"));
    }
}
