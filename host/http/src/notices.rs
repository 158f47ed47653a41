//! What is said of functions that do not build, beside what they answer.
//!
//! A function whose last build failed keeps its version before: its answers carry the header
//! `x-ottavo-build-error`. Where none ever was, a page has the compiler's text in place of "no
//! function answers". Both go to those only who may see the insides of functions. A host that builds
//! nothing has no notices, and a request of it pays for one look at an empty slot.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use ottavo_core::{Error, FunctionName, Kind};
use ottavo_functions::{Failure, RouteTable};

use crate::error::Refusal;

/// Says that what answers is older than what was written.
const BUILD_ERROR: HeaderName = HeaderName::from_static("x-ottavo-build-error");

/// The most of a notice's text that fits into a header, in bytes.
const LONGEST_HEADER: usize = 300;

/// Why a function does not build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The function.
    pub function: FunctionName,
    /// In one line.
    pub summary: String,
    /// With all that the compiler said.
    pub text: String,
}

/// The notices that are in force. Replaced as a whole.
#[derive(Default)]
pub struct Notices(ArcSwapOption<Snapshot>);

struct Snapshot {
    headers: HashMap<FunctionName, HeaderValue>,
    pages: RouteTable<Arc<Notice>>,
}

impl Notices {
    /// From now on these are in force, and no others. `pages` leads from the routes that the
    /// functions want to their notices.
    pub fn set(&self, all: &[Arc<Notice>], pages: RouteTable<Arc<Notice>>) {
        let header = |notice: &Arc<Notice>| (notice.function.clone(), header(&notice.summary));
        let headers = all.iter().map(header).collect();
        let snapshot = Snapshot { headers, pages };
        self.0.store((!all.is_empty()).then(|| Arc::new(snapshot)));
    }

    /// Puts the function's notice, if it has one, into the header of an answer.
    pub(crate) fn mark(&self, function: &FunctionName, fields: &mut HeaderMap) {
        let snapshot = self.0.load();
        if let Some(value) = snapshot.as_ref().and_then(|now| now.headers.get(function)) {
            fields.insert(BUILD_ERROR, value.clone());
        }
    }

    /// The notice of the function that would answer, had it ever been built.
    pub(crate) fn page(
        &self,
        host: Option<&str>,
        method: &Method,
        path: &str,
    ) -> Option<Arc<Notice>> {
        let snapshot = self.0.load();
        let found = snapshot.as_ref()?.pages.find(host, method, path).ok()?;
        Some(Arc::clone(found.value))
    }
}

impl Notice {
    /// The answer where no version is.
    pub(crate) fn refusal(&self) -> Box<Refusal> {
        let name = &self.function;
        let message = format!("`{name}` does not build, and no version of it is deployed");
        let mut failure = Failure::of_host(Error::new(Kind::Unavailable, message));
        failure.function = Some(name.clone());
        failure.insides = Some(self.text.clone());
        Refusal::of(failure).as_page()
    }
}

/// Text as one header's value: what is not visible ASCII becomes `?`.
fn header(text: &str) -> HeaderValue {
    let visible = |c: char| if c == ' ' || c.is_ascii_graphic() { c } else { '?' };
    let text: String = text.chars().map(visible).take(LONGEST_HEADER).collect();
    HeaderValue::from_str(text.trim()).expect("visible ASCII is a header's value")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_becomes_a_header_of_bounded_length() {
        assert_eq!(header(" src/lib.rs:3: wrong\t\u{1b}[31m "), "src/lib.rs:3: wrong??[31m");
        assert_eq!(header(&"\u{fc}".repeat(1000)).len(), LONGEST_HEADER);
        assert_eq!(header(""), "");
    }

    #[test]
    fn notices_are_those_that_were_set_last() {
        let notices = Notices::default();
        let function: FunctionName = "orders".parse().expect("a name");
        let marked = |notices: &Notices| {
            let mut fields = HeaderMap::new();
            notices.mark(&function, &mut fields);
            fields.remove(BUILD_ERROR)
        };
        let none = || RouteTable::build([], |_| String::new()).expect("no routes");
        assert_eq!(marked(&notices), None);
        let notice = Notice { function: function.clone(), summary: "no".into(), text: "".into() };
        notices.set(&[Arc::new(notice)], none());
        assert_eq!(marked(&notices), Some(HeaderValue::from_static("no")));
        assert_eq!(notices.page(None, &Method::GET, "/"), None);
        notices.set(&[], none());
        assert_eq!(marked(&notices), None);
    }
}
