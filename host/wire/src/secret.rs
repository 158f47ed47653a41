//! What is secret stays out of the text of a message.

use std::fmt;

use crate::v1::SecretValue;

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretValue").field("name", &self.name).field("data", &"***").finish()
    }
}

#[cfg(test)]
mod tests {
    use crate::v1::{SecretBundle, SecretGetResponse};

    use super::*;

    #[test]
    fn the_text_of_a_message_has_no_secret() {
        let values = vec![SecretValue { name: "db".to_owned(), data: "hunter2".into() }];
        let bundle = Some(SecretBundle { version: None, values });
        let shown = format!("{:?}", SecretGetResponse { bundle });
        assert!(shown.contains("db") && shown.contains("***"), "{shown}");
        assert!(!shown.contains("hunter2") && !shown.contains("104, 117"), "{shown}");
    }
}
