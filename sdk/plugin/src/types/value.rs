//! Values of fields from what Rust has. A time is written out, [`Value::Time`]: it is a number like others in Rust.

use smol_str::SmolStr;

use super::Value;

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&SmolStr> for Value {
    fn from(text: &SmolStr) -> Self {
        Self::Text(text.to_string())
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Boolean(yes)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<Vec<String>> for Value {
    fn from(texts: Vec<String>) -> Self {
        Self::Texts(texts)
    }
}

impl From<&[&str]> for Value {
    fn from(texts: &[&str]) -> Self {
        Self::Texts(texts.iter().map(|text| (*text).to_owned()).collect())
    }
}

impl<const N: usize> From<[&str; N]> for Value {
    fn from(texts: [&str; N]) -> Self {
        texts.as_slice().into()
    }
}

/// None is a field that is not set.
impl<V: Into<Value>> From<Option<V>> for Value {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Unset, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn a_value_has_the_type_of_what_it_comes_from() {
        let of = |value: Value| value;
        assert_eq!(of("x".into()), Value::Text("x".to_owned()));
        assert_eq!(of(3.into()), Value::Number(3));
        assert_eq!(of(true.into()), Value::Boolean(true));
        assert_eq!(of(["a", "b"].into()), Value::Texts(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(of(Some("x").into()), Value::Text("x".to_owned()));
        assert_eq!(of(None::<bool>.into()), Value::Unset);
    }
}
