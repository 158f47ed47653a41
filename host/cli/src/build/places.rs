//! What the placeholders of a recipe stand for.

/// The values, for one build.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    pub(crate) target: String,
    pub(crate) name: String,
    pub(crate) dir: String,
    pub(crate) out: String,
}

impl Places {
    /// Replaces the placeholders in one pass; other braces stay.
    pub(crate) fn fill(&self, text: &str) -> String {
        let places = [
            ("{target}", &self.target),
            ("{name}", &self.name),
            ("{dir}", &self.dir),
            ("{out}", &self.out),
        ];
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            filled.push_str(&rest[..at]);
            rest = &rest[at..];
            match places.iter().find(|(place, _)| rest.starts_with(place)) {
                Some((place, value)) => {
                    filled.push_str(value);
                    rest = &rest[place.len()..];
                }
                None => {
                    filled.push('{');
                    rest = &rest[1..];
                }
            }
        }
        filled.push_str(rest);
        filled
    }

    pub(crate) fn fill_all(&self, texts: &[String]) -> Vec<String> {
        texts.iter().map(|text| self.fill(text)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_once_and_other_braces_stay() {
        let places = Places {
            target: "wasm32".into(),
            name: "{dir}".into(),
            dir: "/f".into(),
            out: "/o".into(),
        };
        assert_eq!(places.fill("{out}/{name}.{target}{"), "/o/{dir}.wasm32{");
        assert_eq!(places.fill(r#"{ "a": {dir} }"#), r#"{ "a": /f }"#);
    }
}
