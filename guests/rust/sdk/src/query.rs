//! Query strings: pairs, percent-encoded, `+` for a space.

/// The pairs of a query string, decoded, in the order received.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

/// A `%` that no two hexadecimal digits follow stays; bytes that are not UTF-8 become U+FFFD.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let (byte, after) = match (first, after) {
            (b'+', after) => (b' ', after),
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, after),
                _ => (b'%', &rest[1..]),
            },
            (other, after) => (other, after),
        };
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, expected: &[(&str, &str)]) {
        let found: Vec<_> = pairs(query).collect();
        let found: Vec<_> = found.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(found, expected, "{query}");
    }

    #[test]
    fn pairs_are_split_and_decoded() {
        check("", &[]);
        check("a=1&b=2&a=3", &[("a", "1"), ("b", "2"), ("a", "3")]);
        check("&&a&=b&c=", &[("a", ""), ("", "b"), ("c", "")]);
        check("a=b=c", &[("a", "b=c")]);
        check("caf%C3%A9=%E2%82%ac+1%2B1", &[("café", "€ 1+1")]);
    }

    #[test]
    fn what_is_not_encoded_properly_stays_or_is_replaced() {
        check(
            "a=%&b=%4&c=%zz&d=100%25%2",
            &[("a", "%"), ("b", "%4"), ("c", "%zz"), ("d", "100%%2")],
        );
        check("a=%ff", &[("a", "\u{fffd}")]);
        check("a=%é9", &[("a", "%é9")]);
        check("a=%+1", &[("a", "% 1")]);
    }
}
